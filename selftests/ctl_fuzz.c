// SPDX-License-Identifier: GPL-2.0
/*
 * Writes that nobody would think of, 100,000 of them unless $LASTREF_WRITES says
 * otherwise: valid commands with words changed, binary, long, empty, a
 * megabyte, every key at once, numbers at the ends of their types.
 *
 * All come from a seed, which is printed; LASTREF_SEED=n gives the same again.
 * At the end the module works, the kernel has said nothing, no run is left
 * that control did not admit to, and no memory is lost.
 */
#include <fcntl.h>
#include <pthread.h>

#include "lastref_fixture.h"

#define MIB		(1024 * 1024)
#define WRITES		100000
#define HOUSEKEEPING	500	/* writes after which all runs are removed */

struct writer {
	unsigned long long rnd;
	int fd;
	char *buf;		/* a MiB */
	long writes, taken, refused[256], odd;
};

static const char *const verbs[] = {
	"start", "stop", "pause", "resume", "set", "remove", "", "start start",
};

/* Words with values; the first ones are needed for a command that is right. */
static const char *const keys[] = {
	"run", "pattern", "flavor", "busted", "memory", "readers", "updaters",
	"fakewriters", "timer_readers", "irq_readers", "exit_readers",
	"barriers", "keys", "hold", "window", "stutter", "shuffle", "flood",
	"hotplug", "time", "seed", "on_failure", "stall", "nonsense", "",
};

static const char *const values[] = {
	"0", "1", "2", "3", "100", "-1", "0x7fffffff", "0x80000000",
	"0xffffffff", "0x100000000", "0x7fffffffffffffff",
	"0xffffffffffffffff", "0x10000000000000000",
	"99999999999999999999999999999999", "1e3", "01", "", "=", " ", "%s%n",
	"listing_a", "listing_b", "listing_c", "listing_c_sync", "rcu", "srcu",
	"slab", "quarantine", "stop", "continue", "listing_b:plain_inc",
	"listing_c:early_put", "../..", "control", "a/b", "\t", "\n",
};

static const char *const names[] = { "fuzz0", "fuzz1", "fuzz2", "fuzz3" };

static unsigned int pick(struct writer *w, unsigned int below)
{
	return lr_random(&w->rnd, below);
}

static const char *word(struct writer *w, const char *const *table, size_t n)
{
	return table[pick(w, n)];
}

/* A command that is right, and costs little to carry out. */
static size_t good_command(struct writer *w)
{
	const char *name = word(w, names, ARRAY_SIZE(names));

	if (!pick(w, 4))
		return sprintf(w->buf, "start run=%s pattern=%s %s", name,
			       values[20 + pick(w, 4)], LR_QUIET);
	return sprintf(w->buf, "%s run=%s%s", verbs[1 + pick(w, 5)], name,
		       pick(w, 4) ? "" : " hold=5");
}

/* Words that exist, in no order at all. */
static size_t word_salad(struct writer *w)
{
	size_t n = sprintf(w->buf, "%s", word(w, verbs, ARRAY_SIZE(verbs)));
	unsigned int words = pick(w, 8) ? pick(w, 6) : pick(w, 60);

	while (words--)
		n += sprintf(w->buf + n, "%s%s=%s", pick(w, 50) ? " " : "",
			     word(w, keys, ARRAY_SIZE(keys)),
			     word(w, values, ARRAY_SIZE(values)));
	return n;
}

/* A right command with bytes changed, dropped, doubled. */
static size_t mutant(struct writer *w)
{
	size_t n = good_command(w), at;
	unsigned int changes = 1 + pick(w, 4);

	while (changes-- && n > 1) {
		at = pick(w, n);
		switch (pick(w, 3)) {
		case 0:
			w->buf[at] = pick(w, 256);
			break;
		case 1:
			memmove(w->buf + at, w->buf + at + 1, n - at - 1);
			n--;
			break;
		default:
			memmove(w->buf + at + 1, w->buf + at, n - at);
			n++;
		}
	}
	return n;
}

static size_t binary(struct writer *w)
{
	size_t n = pick(w, 1200), i;

	for (i = 0; i < n; i++)
		w->buf[i] = pick(w, 256);
	return n;
}

/* Around the longest command, of blanks, of one word, of one value. */
static size_t long_line(struct writer *w)
{
	static const char *const begins[] = {
		"", "start ", "stop run=", "start run=x pattern=listing_a hold=",
	};
	size_t n = sprintf(w->buf, "%s", word(w, begins, ARRAY_SIZE(begins)));
	size_t size = pick(w, 8) ? 1000 + pick(w, 50) : pick(w, 70000);

	memset(w->buf + n, " x0"[pick(w, 3)], size);
	return n + size;
}

static size_t megabyte(struct writer *w)
{
	memset(w->buf, pick(w, 256), MIB);
	return MIB - pick(w, 2);
}

static size_t nothing(struct writer *w)
{
	w->buf[0] = '\n';
	return pick(w, 2);
}

static const struct {
	size_t (*make)(struct writer *w);
	unsigned int share;	/* of a thousand */
} kinds[] = {
	{ good_command, 30 }, { word_salad, 420 }, { mutant, 300 },
	{ binary, 150 }, { long_line, 88 }, { nothing, 10 }, { megabyte, 2 },
};

static size_t generate(struct writer *w)
{
	unsigned int dice = pick(w, 1000);
	size_t i;

	for (i = 0; dice >= kinds[i].share; i++)
		dice -= kinds[i].share;
	return kinds[i].make(w);
}

static void write_once(struct writer *w)
{
	size_t n = generate(w);
	ssize_t done = write(w->fd, w->buf, n);

	w->writes++;
	if (done < 0)
		w->refused[errno & 255]++;
	else if ((size_t)done == n)
		w->taken++;
	else
		w->odd++;
}

/* Runs that did come to life cost time: not too many of them, not for long. */
static void remove_all(void)
{
	struct lr_name runs[16];
	size_t n = lr_names("control", runs, 16), i;

	for (i = 0; i < n; i++)
		lr_control("remove run=%s", runs[i].text);
}

static void writer_init(struct writer *w, unsigned long long seed)
{
	memset(w, 0, sizeof(*w));
	w->rnd = seed;
	w->buf = malloc(MIB + 70000);
	w->fd = open(LR_DIR "/control", O_WRONLY | O_CLOEXEC);
}

static void writer_exit(struct writer *w)
{
	close(w->fd);
	free(w->buf);
}

static void report(struct __test_metadata *_metadata, const struct writer *w)
{
	static const int expected[] = {
		EINVAL, ERANGE, E2BIG, EOPNOTSUPP, ENOENT, EEXIST, EBUSY,
		EALREADY, ENOSPC, ENOMEM,
	};
	long known = w->taken;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(expected); i++)
		known += w->refused[expected[i]];
	TH_LOG("%ld writes: %ld taken, %ld EINVAL, %ld ERANGE, %ld E2BIG",
	       w->writes, w->taken, w->refused[EINVAL], w->refused[ERANGE],
	       w->refused[E2BIG]);
	EXPECT_EQ(w->writes, known) {
		for (i = 1; i < 256; i++)
			if (w->refused[i])
				TH_LOG("%s: %ld times", strerror(i),
				       w->refused[i]);
	}
	EXPECT_EQ(0, w->odd);
	EXPECT_LT(0, w->taken);
	EXPECT_LT(0, w->refused[EINVAL]);
}

static long wanted(void)
{
	const char *n = getenv("LASTREF_WRITES");

	return n && atol(n) > 0 ? atol(n) : WRITES;
}

static void still_works(struct __test_metadata *_metadata)
{
	remove_all();
	EXPECT_EQ(0, lr_do("start run=after pattern=listing_b"));
	EXPECT_EQ(0, lr_wait_stat("after", "ops", 100, 60));
	EXPECT_EQ(0, lr_do("stop run=after"));
	EXPECT_TRUE(lr_shows("after/stats", "state: passed\n"));
	EXPECT_EQ(0, lr_do("remove run=after"));
	EXPECT_LT(0, lr_slab_objects("kmalloc"));
	EXPECT_EQ(0, lr_slab_objects("reftorture-"));
}

TEST_F_TIMEOUT(module, one_writer, 1700)
{
	unsigned long long seed = lr_seed();
	long n = wanted() * 9 / 10, i;
	double begin = lr_now();
	struct writer w;

	TH_LOG("LASTREF_SEED=%llu", seed);
	lr_leaks_clear();
	writer_init(&w, seed);
	ASSERT_LE(0, w.fd);
	for (i = 0; i < n; i++) {
		write_once(&w);
		if (i % HOUSEKEEPING == HOUSEKEEPING - 1)
			remove_all();
	}
	report(_metadata, &w);
	TH_LOG("%.1f s", lr_now() - begin);
	writer_exit(&w);
	still_works(_metadata);
}

static volatile bool stop_reading;

static void *read_all(void *unused)
{
	static const char *const files[] = {
		"control", "error_log", "README", "busted", "features",
		"fuzz0/status", "fuzz1/stats", "fuzz2/result",
		"fuzz3/histograms", "fuzz0/failures",
	};
	size_t i;

	while (!stop_reading)
		for (i = 0; i < ARRAY_SIZE(files); i++)
			free(lr_read(files[i]));
	return unused;
}

static void *write_all(void *arg)
{
	struct writer *w = arg;
	long n = wanted() / 40, i;

	for (i = 0; i < n; i++)
		write_once(w);
	return NULL;
}

TEST_F_TIMEOUT(module, writers_and_readers_at_once, 1700)
{
	unsigned long long seed = lr_seed() + 1;
	pthread_t threads[4], readers[2];
	struct writer w[4];
	size_t i;

	TH_LOG("LASTREF_SEED=%llu", seed - 1);
	for (i = 0; i < 4; i++) {
		writer_init(&w[i], seed + i);
		ASSERT_LE(0, w[i].fd);
		ASSERT_EQ(0, pthread_create(&threads[i], NULL, write_all, &w[i]));
	}
	for (i = 0; i < 2; i++)
		ASSERT_EQ(0, pthread_create(&readers[i], NULL, read_all, NULL));
	for (i = 0; i < 4; i++) {
		pthread_join(threads[i], NULL);
		report(_metadata, &w[i]);
		writer_exit(&w[i]);
	}
	stop_reading = true;
	for (i = 0; i < 2; i++)
		pthread_join(readers[i], NULL);
	still_works(_metadata);
}

TEST_F_TIMEOUT(module, nothing_was_lost, 120)
{
	char *leaks;

	EXPECT_EQ(0, lr_unload());
	leaks = lr_leaks();
	if (!leaks)
		SKIP(goto load, "this kernel has no kmemleak");
	EXPECT_EQ('\0', *leaks) {
		lr_say(leaks);
	}
	free(leaks);
load:
	EXPECT_EQ(0, lr_load());
}

int main(int argc, char **argv)
{
	return lastref_main(argc, argv);
}
