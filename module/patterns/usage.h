/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The documents' examples of use, as functions that work: small, complete, and
 * called by many threads at a time in selftests/native/usage.c.  What they find
 * wrong they tell usage_failed().
 */
#ifndef _LASTREF_USAGE_H
#define _LASTREF_USAGE_H

void usage_failed(const char *what);

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
