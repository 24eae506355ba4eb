// SPDX-License-Identifier: GPL-2.0
/* From evidence to verdict: digest it, then ask the rules. See verdict.h. */
#include <regex.h>
#include <string.h>

#include "compiler.h"
#include "known.h"
#include "verdict_rules.h"

/* How the torture names the result of a busted form that was noticed. */
#define CAUGHT	"caught by "

static const char *const status_names[] = {
	[STATUS_PASS] = "pass",
	[STATUS_FAIL] = "FAIL",
	[STATUS_ERROR] = "ERROR",
	[STATUS_NOTRUN] = "not run",
};

const char *status_name(enum status status)
{
	return status_names[status];
}

const char *verdict_bad_regex(const char *regex)
{
	static char why[128];
	regex_t re;
	int err;

	err = regcomp(&re, regex, REG_EXTENDED | REG_NOSUB);
	if (!err) {
		regfree(&re);
		return NULL;
	}
	regerror(err, &re, why, sizeof(why));
	return why;
}

static void digest_splat(struct findings *f, const struct splat *splat)
{
	const struct evidence *e = f->e;

	if (e->signature && splat_matches(splat, e->signature)) {
		if (!f->signature)
			f->signature = splat;
		return;
	}
	if (e->splat && splat_matches(splat, e->splat)) {
		if (!f->foretold)
			f->foretold = splat;
		return;
	}
	if (known_splat(splat))
		return;
	f->unforetold++;
	if (!f->signature && !f->before)
		f->before = splat;
	if (!f->worst || (splat->fatal && !f->worst->fatal))
		f->worst = splat;
}

static void digest_splats(struct findings *f)
{
	const struct splat *splat;
	size_t i;

	for (i = 0; (splat = splat_get(f->e->splats, i)); i++)
		digest_splat(f, splat);
	f->unforetold += splat_count(f->e->splats) - i;
}

static void digest_ktap(struct findings *f, const struct ktap *k)
{
	const struct ktap_result *r;
	size_t i;

	f->passed += ktap_count(k, KTAP_PASS);
	f->failed += ktap_count(k, KTAP_FAIL);
	f->skipped += ktap_count(k, KTAP_SKIP);
	f->xfailed += ktap_count(k, KTAP_XFAIL);
	if (!f->torn && !ktap_complete(k))
		f->torn = k;
	for (i = 0; (r = ktap_result_at(k, i)); i++) {
		if (r->status == KTAP_FAIL && !f->first_failed)
			f->first_failed = r;
		if (r->status == KTAP_PASS && !strncmp(r->name, CAUGHT, strlen(CAUGHT)))
			f->caught = r;
	}
}

struct verdict verdict_by(const struct verdict_rule *rules, size_t nr,
			  const struct evidence *e)
{
	struct findings f = {
		.e = e, .died = e->end == VM_RESET || e->end == VM_GUEST_PANIC,
	};
	struct textbuf why = { 0 };
	size_t i;

	digest_splats(&f);
	for (i = 0; i < e->nr_ktap; i++)
		digest_ktap(&f, e->ktap[i]);
	for (i = 0; i < nr && !rules[i].applies(&f); i++)
		;
	if (i < nr)
		rules[i].why(&f, &why);
	else
		textbuf_addf(&why, "no rule fits the evidence: please report this");
	return (struct verdict){
		.status = i < nr ? rules[i].status : STATUS_ERROR,
		.rule = i < nr ? rules[i].name : "none",
		.why = textbuf_take(&why),
	};
}

struct verdict verdict_reach(const struct evidence *e)
{
	return verdict_by(verdict_rules, nr_verdict_rules, e);
}
