// SPDX-License-Identifier: GPL-2.0
/* What came out, in a word and a line: equal causes must look equal, others not. */
#include <string.h>

#include "kt.h"
#include "signature.h"

/* A report, and the function it was made in. */
static const struct {
	const char *excerpt, *frame;
} frames[] = {
	{ "BUG: kernel NULL pointer dereference\nRIP: 0010:read_it+0x12/0x40 [demo]\nCall Trace:\n <TASK>\n caller+0x1/0x2\n",
	  "read_it" },
	{ "BUG: unable to handle page fault\nRIP: 0010:0xffffffffc0201010 <demo!cb+0x10/0x24 (text gone)>\nCall Trace:\n rcu_do_batch+0x1/0x2\n",
	  "demo!cb" },
	{ "BUG: unable to handle page fault\nRIP: 0010:0xffffffffc0201010\n", "unknown text" },
	{ "BUG: unable to handle page fault\nRIP: 0010:0xffffffffc0201010\nCall Trace:\n <IRQ>\n 0xffffffffc0201020\n ? __die+0x23/0x70\n rcu_do_batch+0x1bd/0x560\nRIP: 0010:f+0x1/0x2\n",
	  "unknown text under rcu_do_batch" },
	{ "Kernel panic\nCall Trace:\n <TASK>\n panic+0x344/0x3a0\n ? _printk+0x64/0x80\n sysrq_handle_crash+0x1a/0x20\n",
	  "sysrq_handle_crash" },
	{ "WARNING\nCall Trace:\n dump_stack_lvl+0x1/0x2\n print_report+0x1/0x2\n kasan_report+0x1/0x2\n reader+0x5/0x9 [reftorture]\n",
	  "reader" },
	{ "no trace at all\n", "" },
	{ "", "" },
};

static void finds_the_frame(void)
{
	char name[96];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(frames); i++) {
		signature_frame(frames[i].excerpt, name, sizeof(name));
		kt_check(!strcmp(name, frames[i].frame), "\"%s\", not \"%s\"", name,
			 frames[i].frame);
	}
}

static char text[][64] = {
	"oops", "BUG: x", "RIP: 0010:f+0x1/0x2\n", "deadline", "pass", "listing_b", "double_free",
	"mute-crash", "no answer",
};

static struct splat_result splat = {
	.kind = text[0], .headline = text[1], .excerpt = text[2],
};

static struct run_result run = { .pattern = text[5], .as_foretold = true };

/* A result, and what it is. */
static void classes(void)
{
	struct case_result c = { .status = STATUS_PASS, .rule = text[4], .why = text[8] };
	char sig[SIGNATURE_MAX];

	kt_check(signature_of(NULL, sig) == OUTCOME_HARNESS, "none: %s", sig);
	kt_check(signature_of(&c, sig) == OUTCOME_CLEAN && !*sig, "clean: %s", sig);
	c.splats = &splat;
	c.nr_splats = 1;
	kt_check(signature_of(&c, sig) == OUTCOME_SPLAT, "splat: %s", sig);
	splat.fatal = true;
	kt_check(signature_of(&c, sig) == OUTCOME_CRASH && !strcmp(sig, "oops in f"),
		 "crash: %s", sig);
	c.nr_splats = 0;
	c.status = STATUS_FAIL;
	c.rule = text[3];
	kt_check(signature_of(&c, sig) == OUTCOME_HANG && !strcmp(sig, "no answer"),
		 "hang: %s", sig);
	c.rule = text[7];
	kt_check(signature_of(&c, sig) == OUTCOME_CRASH, "mute: %s", sig);
}

static void caught_is_caught_though_foretold(void)
{
	struct case_result c = {
		.status = STATUS_PASS, .rule = text[4], .runs = &run, .nr_runs = 1,
	};
	char sig[SIGNATURE_MAX];

	kt_check(signature_of(&c, sig) == OUTCOME_CLEAN, "clean: %s", sig);
	run.caught_by = text[6];
	kt_check(signature_of(&c, sig) == OUTCOME_CAUGHT &&
		 !strcmp(sig, "double_free in listing_b"), "caught: %s", sig);
}

static const struct kt_case cases[] = {
	{ "the function a report was made in", finds_the_frame },
	{ "each class", classes },
	{ "a form that was caught as foretold has still failed", caught_is_caught_though_foretold },
};

int main(void)
{
	return kt_run(cases, ARRAY_SIZE(cases));
}
