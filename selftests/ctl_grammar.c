// SPDX-License-Identifier: GPL-2.0
/*
 * What control takes: every verb, every key, every way to write them.
 *
 * The tables here are the specification. The module has tables of its own, from
 * which it prints README; the last test compares the two, so that a key cannot
 * be added, lost or renamed without a word here.
 */
#include "lastref_fixture.h"

#define START	"start run=g pattern=listing_b "

/* Values that are good, the ends of each range among them if they can be borne. */
static const struct {
	const char *key;
	bool live;
	const char *values[4];
} keys[] = {
	{ "flavor", false, { "rcu", "srcu" } },
	{ "memory", false, { "slab", "quarantine" } },
	{ "readers", false, { "0", "1", "32" } },
	{ "updaters", false, { "1", "8" } },
	{ "fakewriters", false, { "0", "8" } },
	{ "timer_readers", false, { "0", "8" } },
	{ "irq_readers", false, { "0", "8" } },
	{ "exit_readers", false, { "0", "8" } },
	{ "barriers", false, { "0", "8" } },
	{ "keys", false, { "1", "17", "4096" } },
	{ "hold", true, { "0", "1", "1000000" } },
	{ "window", true, { "0", "1", "1000" } },
	{ "stutter", true, { "0", "100", "60000" } },
	{ "shuffle", true, { "0", "50", "60000" } },
	{ "flood", true, { "0", "1", "3600" } },
	{ "hotplug", true, { "0", "50", "60000" } },
	{ "stall", true, { "0", "1" } },
	{ "race", false, { "0", "1" } },
	{ "time", false, { "0", "1", "2592000" } },
	{ "seed", false, { "1", "18446744073709551615" } },
	{ "on_failure", true, { "stop", "continue" } },
};

static const char *const verbs[] = {
	"start", "stop", "pause", "resume", "set", "remove",
};

/* What this machine has no use for it refuses; ctl_bad_input looks at that. */
static bool offered(const char *key)
{
	return strcmp(key, "hotplug") || lr_shows("features", "\nhotplug: yes");
}

TEST_F_TIMEOUT(module, each_key_takes_its_values, 300)
{
	char word[64];
	size_t i, j;

	for (i = 0; i < ARRAY_SIZE(keys); i++) {
		for (j = 0; j < 4 && offered(keys[i].key) && keys[i].values[j];
		     j++) {
			snprintf(word, sizeof(word), "%s=%s", keys[i].key,
				 keys[i].values[j]);
			EXPECT_EQ(0, lr_control(START "%s", word)) {
				TH_LOG("start with %s", word);
			}
			EXPECT_TRUE(lr_config_has("g", word)) {
				TH_LOG("result does not show %s", word);
			}
			EXPECT_EQ(0, lr_do("remove run=g"));
		}
	}
}

TEST_F_TIMEOUT(module, set_changes_live_keys_of_a_run_in_progress, 120)
{
	char word[64];
	size_t i, j;

	ASSERT_EQ(0, lr_do(START "readers=2"));
	for (i = 0; i < ARRAY_SIZE(keys); i++) {
		for (j = 0; j < 4 && keys[i].live && keys[i].values[j]; j++) {
			snprintf(word, sizeof(word), "%s=%s", keys[i].key,
				 keys[i].values[j]);
			EXPECT_EQ(0, lr_control("set run=g %s", word)) {
				TH_LOG("set %s", word);
			}
			EXPECT_TRUE(lr_config_has("g", word)) {
				TH_LOG("result does not show %s", word);
			}
		}
	}
	EXPECT_EQ(0, lr_do("set run=g hold=3 window=4 stutter=500"));
	EXPECT_TRUE(lr_config_has("g", "hold=3"));
	EXPECT_TRUE(lr_config_has("g", "stutter=500"));
}

TEST_F_TIMEOUT(module, every_pattern_runs_over_every_flavor, 400)
{
	struct lr_name patterns[32], flavors[8];
	size_t np = lr_names("patterns", patterns, 32), i, j;
	size_t nf = lr_names("flavors", flavors, 8);

	ASSERT_LE(4, np);
	ASSERT_LE(2, nf);
	for (i = 0; i < np; i++) {
		for (j = 0; j < nf; j++) {
			EXPECT_EQ(0, lr_control("start run=g pattern=%s flavor=%s " LR_QUIET,
						patterns[i].text,
						flavors[j].text));
			EXPECT_EQ(0, lr_do("remove run=g"));
		}
	}
}

TEST_F(module, a_run_goes_through_its_states)
{
	static const struct {
		const char *command, *state;
	} steps[] = {
		{ "start run=g pattern=listing_c " LR_QUIET, "running" },
		{ "pause run=g", "paused" },
		{ "resume run=g", "running" },
		{ "set run=g hold=7", "running" },
		{ "stop run=g", "passed" },
	};
	char state[16];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(steps); i++) {
		EXPECT_EQ(0, lr_do(steps[i].command));
		EXPECT_EQ(0, lr_state("g", state));
		EXPECT_STREQ(steps[i].state, state);
	}
	EXPECT_EQ(0, lr_do("remove run=g"));
	EXPECT_EQ(-ENOENT, lr_state("g", state));
	EXPECT_NE(0, access(LR_DIR "/g", F_OK));
}

TEST_F(module, words_may_come_in_any_order_and_with_blanks)
{
	static const char *const lines[] = {
		"start run=g pattern=listing_a",
		"start run=g pattern=listing_a\n",
		"start pattern=listing_a run=g",
		"start  run=g   pattern=listing_a ",
		"   start run=g pattern=listing_a",
		"start busted=listing_b:plain_inc pattern=listing_b run=g",
		"start readers=0x2 run=g keys=0X10 pattern=listing_a",
		"start readers=007 run=g pattern=listing_a",
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(lines); i++) {
		EXPECT_EQ(0, lr_do(lines[i])) {
			TH_LOG("refused: %s", lines[i]);
		}
		if (strstr(lines[i], "0x2")) {
			EXPECT_TRUE(lr_config_has("g", "readers=2"));
			EXPECT_TRUE(lr_config_has("g", "keys=16"));
		}
		EXPECT_EQ(0, lr_do("remove run=g"));
	}
}

TEST_F(module, the_longest_command_and_the_longest_name_are_taken)
{
	char line[1025], name[32];

	memset(name, 'x', 31);
	name[31] = '\0';
	EXPECT_EQ(0, lr_control("start run=%s pattern=listing_a " LR_QUIET, name));
	EXPECT_EQ(0, lr_control("remove run=%s", name));
	EXPECT_EQ(0, lr_do("start run=_ pattern=listing_a " LR_QUIET));
	EXPECT_EQ(0, lr_do("remove run=_"));

	memset(line, ' ', sizeof(line));
	memcpy(line, START, strlen(START));
	EXPECT_EQ(0, lr_write("control", line, 1024));
	EXPECT_EQ(0, lr_do("remove run=g"));
	line[1024] = '\n';
	EXPECT_EQ(0, lr_write("control", line, 1025));
}

TEST_F(module, many_commands_go_through_one_open_file)
{
	FILE *control = fopen(LR_DIR "/control", "r+");
	static const char *const lines[] = {
		START LR_QUIET, "pause run=g", "resume run=g", "remove run=g",
	};
	int i;

	ASSERT_NE(NULL, control);
	for (i = 0; i < 20; i++)
		EXPECT_EQ((ssize_t)strlen(lines[i % 4]),
			  write(fileno(control), lines[i % 4],
				strlen(lines[i % 4])));
	fclose(control);
}

/* Keys as README lists them: " *hold   help", " " where there is no star. */
static bool is_key_line(const char *line, char *key)
{
	return *line == ' ' && (line[1] == ' ' || line[1] == '*') &&
	       sscanf(line + 2, "%31[a-z_]", key) == 1;
}

TEST_F(module, readme_and_this_test_know_the_same_words)
{
	char *text = lr_read("README"), *line, *rest, key[32], word[40];
	size_t i, known, found = 0;

	ASSERT_NE(NULL, text);
	for (i = 0; i < ARRAY_SIZE(verbs); i++) {
		snprintf(word, sizeof(word), "\n  %s run=", verbs[i]);
		EXPECT_NE(NULL, strstr(text, word)) {
			TH_LOG("README lacks the verb %s", verbs[i]);
		}
	}
	line = strstr(text, "\nKeys");
	ASSERT_NE(NULL, line);
	for (line = strtok_r(line + 1, "\n", &rest); line;
	     line = strtok_r(NULL, "\n", &rest)) {
		if (!is_key_line(line, key))
			continue;
		for (known = 0; known < ARRAY_SIZE(keys); known++)
			if (!strcmp(keys[known].key, key))
				break;
		found++;
		if (known < ARRAY_SIZE(keys)) {
			EXPECT_EQ(keys[known].live, line[1] == '*');
		} else {
			EXPECT_TRUE(strstr("run pattern busted", key)) {
				TH_LOG("nobody tests the key %s", key);
			}
		}
	}
	EXPECT_EQ(ARRAY_SIZE(keys) + 3, found);
	free(text);
}

int main(int argc, char **argv)
{
	return lastref_main(argc, argv);
}
