// SPDX-License-Identifier: GPL-2.0
/*
 * Deadlines: whatever was measured, each cause has its say before the next.
 */
#include <string.h>

#include "deadline.h"
#include "kt.h"

/* What the guest adds to a deadline before it prints, see deadline.c. */
#define PROVE_RCU_S	5
#define HUNG_CHECK_S	5

static void ordered(void)
{
	struct deadlines d;
	long ms;

	for (ms = 0; ms < 100000; ms += 137) {
		deadline_compute(&d, ms, 0);
		kt_check(d.stall_s + PROVE_RCU_S <= d.soft_s &&
			 d.soft_s * 6 / 5 <= d.hung_s &&
			 d.hung_s + HUNG_CHECK_S < d.silence_s,
			 "loop %ld ms: %u %u %u %u", ms, d.stall_s, d.soft_s,
			 d.hung_s, d.silence_s);
		/* What the kernel takes: see Documentation/admin-guide. */
		kt_check(d.stall_s >= 3 && d.stall_s <= 300 && d.soft_s <= 120,
			 "loop %ld ms: %u %u", ms, d.stall_s, d.soft_s);
	}
}

static void scaled(void)
{
	struct deadlines base, d;

	deadline_compute(&base, 0, 0);
	kt_check(base.scale == 1.0, "nothing measured: %f", base.scale);
	deadline_compute(&d, 1, 1);
	kt_check(d.scale == 1.0, "a fast machine: %f", d.scale);
	deadline_compute(&d, 3 * DEADLINE_LOOP_MS, DEADLINE_BOOT_MS);
	kt_check(d.scale == 3.0, "a slow loop: %f", d.scale);
	deadline_compute(&d, DEADLINE_LOOP_MS, 4 * DEADLINE_BOOT_MS);
	kt_check(d.scale == 4.0, "a slow boot: %f", d.scale);
	kt_check(d.silence_s == 4 * base.silence_s, "%u", d.silence_s);
	kt_check(deadline_ms(&d, 10) == 40000, "%d", deadline_ms(&d, 10));
	deadline_compute(&d, 100000000, 0);
	kt_check(d.scale == DEADLINE_SCALE_MAX, "a stopped one: %f", d.scale);
	kt_check(deadline_boot_ms() >= 60000 && deadline_boot_ms() <= 300000,
		 "boot: %d", deadline_boot_ms());
	kt_check(deadline_ms(&d, 1000000000) > 0, "%d", deadline_ms(&d, 1000000000));
}

static void command(void)
{
	struct deadlines d = { 1.0, 12, 22, 32, 45 };
	char text[64];

	deadline_command(&d, text, sizeof(text));
	kt_check(!strcmp(text, "deadlines 12 22 32"), "%s", text);
}

static const struct kt_case cases[] = {
	{ "stall, soft lockup, hung task, silence, in this order", ordered },
	{ "the slower measurement decides, within limits", scaled },
	{ "the agent's command", command },
};

int main(void)
{
	return kt_run(cases, ARRAY_SIZE(cases));
}
