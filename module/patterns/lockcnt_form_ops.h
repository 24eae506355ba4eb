/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The operations of one form as functions that take any form, form_*(), and
 * LOCKCNT_FORM_OPS, a struct lockcnt_ops of them.  Included once by each form's
 * file, with LOCKCNT_FORM defined as its member of union lockcnt_any.
 */
#include "lockcnt_form.h"

static int form_init(union lockcnt_any *lc)
{
	typeof(lc->LOCKCNT_FORM) *lockcnt = &lc->LOCKCNT_FORM;

	return lockcnt_init(lockcnt);	/* which is its name to lockdep */
}

static void form_destroy(union lockcnt_any *lc)
{
	lockcnt_destroy(&lc->LOCKCNT_FORM);
}

static void form_inc(union lockcnt_any *lc)
{
	lockcnt_inc(&lc->LOCKCNT_FORM);
}

static void form_dec(union lockcnt_any *lc)
{
	lockcnt_dec(&lc->LOCKCNT_FORM);
}

static bool form_dec_and_lock(union lockcnt_any *lc)
{
	return lockcnt_dec_and_lock(&lc->LOCKCNT_FORM);
}

static bool form_dec_if_lock(union lockcnt_any *lc)
{
	return lockcnt_dec_if_lock(&lc->LOCKCNT_FORM);
}

static void form_inc_and_unlock(union lockcnt_any *lc)
{
	lockcnt_inc_and_unlock(&lc->LOCKCNT_FORM);
}

static void form_lock(union lockcnt_any *lc)
{
	lockcnt_lock(&lc->LOCKCNT_FORM);
}

static void form_unlock(union lockcnt_any *lc)
{
	lockcnt_unlock(&lc->LOCKCNT_FORM);
}

static unsigned int form_count(union lockcnt_any *lc)
{
	return lockcnt_count(&lc->LOCKCNT_FORM);
}

/* The parameters are what a busted form breaks. */
#define LOCKCNT_FORM_OPS(inc_, lock_, dec_if_lock_) \
{						\
	.init		= form_init,		\
	.destroy	= form_destroy,		\
	.inc		= inc_,			\
	.dec		= form_dec,		\
	.dec_and_lock	= form_dec_and_lock,	\
	.dec_if_lock	= dec_if_lock_,		\
	.inc_and_unlock	= form_inc_and_unlock,	\
	.lock		= lock_,		\
	.unlock		= form_unlock,		\
	.count		= form_count,		\
}
