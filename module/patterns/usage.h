/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The documents' examples of use, as functions that work: small, complete, and
 * called by many threads at a time in selftests/native/usage.c and, in the
 * kernel, in module/usage.  What they find wrong they tell usage_failed().
 */
#ifndef _LASTREF_USAGE_H
#define _LASTREF_USAGE_H

/**
 * struct usage_example - examples that threads call together
 * @name: what it is, one line; NULL ends a table
 * @begin: before the first call; 0 or -ENOMEM
 * @turn: one call of one of them; tasks only
 * @end: after the last
 */
struct usage_example {
	const char *name;
	int (*begin)(void);
	void (*turn)(unsigned int dice);
	void (*end)(void);
};

/* usage_turns.c: all of them, and one that is broken, for the tests to find. */
extern const struct usage_example usage_examples[];
extern const struct usage_example usage_broken;

/* The caller's: it is told what is wrong, and how long a race window is. */
void usage_failed(const char *what);
void usage_window(void);

/* QemuLockCnt: usage_lockcnt.c */
int usage_lockcnt_begin(void);
void usage_lockcnt_end(void);
void usage_set(void);
void usage_access(void);
void usage_free(void);
void usage_free_visited(void);
void usage_access_and_free(void);
void usage_add_handler(void);
void usage_walk(void);
void usage_walk_if(void);

/* Listing C as struct pid has it: usage_pid.c */
int usage_pid_begin(void);
void usage_pid_fork(unsigned int nr);
void usage_pid_find(unsigned int nr);
void usage_pid_exit(unsigned int nr);
void usage_pid_end(void);

/* Listing B as struct posix_acl has it: usage_acl.c */
int usage_acl_begin(void);
void usage_acl_get(void);
void usage_acl_set(void);
void usage_acl_end(void);

#endif /* _LASTREF_USAGE_H */
