/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The element under torture, and how a reader looks at it.
 *
 * A reader that has found an element takes a look (view_take()), waits, and
 * looks again (view_check()).  Whatever is not the same tells of a broken
 * rule: poison and another id, that it was freed (and maybe used again) under
 * the reader's hands.
 */
#ifndef _LASTREF_ELEMENT_H
#define _LASTREF_ELEMENT_H

#include "run.h"

#define EL_MAGIC_LIVE	0x11feb0d9u
#define EL_MAGIC_FREED	0xdeadb0d9u
#define EL_PAYLOAD	6

/* What an element has been through; bits of torture_el.life. */
#define LIFE_LINKED	BIT(0)	/* in the table */
#define LIFE_POSTED	BIT(1)	/* its rcu_head is on its way */
#define LIFE_FREED	BIT(2)

struct torture_el {
	u64 front;			/* canaries: the id, scrambled */
	struct el el;
	u32 magic;
	u64 id;				/* of this life, never used again */
	atomic_t life;
	u64 deleted_ns;			/* 0: still in the table */
	struct flavor_state deleted_gp;	/* cookie taken after removal */
	u64 posted_ns;
	rcu_callback_t func;		/* the pattern's own callback */
	struct torture_run *run;
	struct list_head quarantine;	/* while freed */
	struct list_head all;		/* of a quarantined run */
	u64 payload[EL_PAYLOAD];	/* each word derived from the id */
	u64 back;
};

static inline struct torture_el *to_torture_el(struct el *el)
{
	return container_of(el, struct torture_el, el);
}

extern const struct ref_host torture_host;

/* Do canaries and payload belong to the id? */
bool torture_el_intact(const struct torture_el *te);

int elements_init(struct torture_run *run);
/* Everything still in the table, the quarantine and the cache; no callback
 * may be pending.
 */
void elements_exit(struct torture_run *run);
/* Walk the table under its lock: elements in it, and how many have rc != 1. */
unsigned int elements_live(struct torture_run *run, unsigned int *not_one);

/* What a reader saw. */
struct view {
	struct el *el;
	u64 id;
	unsigned long key;
};

/**
 * view_take() - first look at an element just found
 * @run: the run
 * @view: filled in
 * @el: what the search returned
 * @key: what was searched for
 * @what: "section" or "reference", for the text of a failure
 *
 * Return: true when it looks alive; otherwise a check has failed.
 */
bool view_take(struct torture_run *run, struct view *view, struct el *el,
	       unsigned long key, const char *what);
/* Look again; use while the section or the reference is still held. */
bool view_check(struct torture_run *run, const struct view *view,
		const char *what);
/* At the end of a section: age check, near misses, histogram. */
void view_end_section(struct torture_run *run, const struct view *view);
/* Before a reference is put: near misses, histogram. */
void view_end_reference(struct torture_run *run, const struct view *view);

/* A key to work on: every other time the one that everybody works on. */
unsigned long pick_key(struct torture_run *run, struct rnd_state *rnd);

/*
 * One reader operation of each kind, used by readers of every context.
 * @sleep: the caller may block while it holds a reference (never in a section
 * unless the flavor allows it).
 */
void read_section(struct torture_run *run, struct rnd_state *rnd, bool sleep);
void read_reference(struct torture_run *run, struct rnd_state *rnd, bool sleep);

#endif /* _LASTREF_ELEMENT_H */
