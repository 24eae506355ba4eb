// SPDX-License-Identifier: GPL-2.0
/*
 * The headlines of Linux 6.1 to 6.12 (and the newer form of WARNING), each
 * with what ends its report. Rows are literal text, no patterns: what a row
 * finds can be seen by reading it, and grepped for in a kernel.
 *
 * One event often has several headlines: "list_del corruption", "kernel BUG
 * at", "Oops: invalid opcode". The first makes the report, the others join it
 * (column "joins"), yet each stands for itself when the first was lost.
 */
#include <assert.h>

#include "compiler.h"
#include "splat_table.h"

/* A trap's report: its name, its registers, its trace. */
#define TRAPS	(KIND(SPLAT_OOPS) | KIND(SPLAT_TEXT_GONE) | KIND(SPLAT_BUG) | \
		 KIND(SPLAT_DOUBLE_FAULT) | KIND(SPLAT_STACK) | KIND(SPLAT_INT3) | \
		 KIND(SPLAT_LIST) | KIND(SPLAT_BUG_OTHER))

/* Reports that open with a sentence and go on as a WARNING. */
#define SAID	(KIND(SPLAT_REFCOUNT) | KIND(SPLAT_LIST) | KIND(SPLAT_ODEBUG) | \
		 KIND(SPLAT_SLAB) | KIND(SPLAT_ATOMIC_SLEEP) | KIND(SPLAT_LOCKDEP))

/* Further columns by name: where (AT_START if not given), flags, joins. */
#define HEAD(TEXT, ALSO, KIND, ENDS, ...) \
	{ .text = (TEXT), .also = (ALSO), .kind = SPLAT_##KIND, .ends = (ENDS), \
	  ##__VA_ARGS__ }

static const struct splat_row rows[] = {
	/* The end of the machine. */
	HEAD("---[ end Kernel panic - not syncing", NULL,
	     PANIC, BY_PANIC, .flags = FATAL | LATE,
	     .joins = KIND(SPLAT_PANIC) | KIND(SPLAT_STACK)),
	HEAD("Kernel panic - not syncing: corrupted stack end", NULL,
	     STACK, BY_PANIC, .where = ANYWHERE, .flags = FATAL),
	HEAD("Kernel panic - not syncing: stack-protector:", NULL,
	     STACK, BY_PANIC, .where = ANYWHERE, .flags = FATAL),
	HEAD("Kernel panic - not syncing: ", NULL,
	     PANIC, BY_PANIC, .where = ANYWHERE, .flags = FATAL),

	/* Traps. The general form is "NAME: ERROR [#COUNT] ...". */
	HEAD("PANIC: double fault", NULL,
	     DOUBLE_FAULT, BY_TRACE, .where = AFTER_NAME, .flags = FATAL),
	HEAD("BUG: ", "stack guard page was hit at",
	     STACK, BY_TRACE, .flags = FATAL),
	HEAD("BUG: kernel NULL pointer dereference, address: ", NULL,
	     OOPS, BY_TRACE, .where = ANYWHERE, .flags = FATAL),
	HEAD("BUG: unable to handle ", NULL,
	     OOPS, BY_TRACE, .where = ANYWHERE, .flags = FATAL),
	HEAD("#PF: supervisor ", " in kernel mode",
	     OOPS, BY_TRACE, .flags = FATAL, .joins = TRAPS),
	HEAD("kernel BUG at ", NULL,
	     BUG, BY_TRACE, .flags = FATAL,
	     .joins = KIND(SPLAT_LIST) | KIND(SPLAT_SLAB)),
	HEAD("Kernel BUG at ", " [verbose debug info unavailable]",
	     BUG, BY_TRACE, .flags = FATAL,
	     .joins = KIND(SPLAT_LIST) | KIND(SPLAT_SLAB)),
	HEAD("Oops: int3: ", " [#", INT3, BY_TRACE, .flags = FATAL),
	HEAD("int3: ", " [#", INT3, BY_TRACE, .flags = FATAL),
	HEAD("Oops: double fault: ", " [#",
	     DOUBLE_FAULT, BY_TRACE, .flags = FATAL, .joins = TRAPS),
	HEAD("double fault: ", " [#",
	     DOUBLE_FAULT, BY_TRACE, .flags = FATAL, .joins = TRAPS),
	HEAD("Oops: stack guard page: ", " [#",
	     STACK, BY_TRACE, .flags = FATAL, .joins = TRAPS),
	HEAD("stack guard page: ", " [#",
	     STACK, BY_TRACE, .flags = FATAL, .joins = TRAPS),
	HEAD("Oops: invalid opcode: ", " [#",
	     BUG, BY_TRACE, .flags = FATAL, .joins = TRAPS | KIND(SPLAT_SLAB)),
	HEAD("invalid opcode: ", " [#",
	     BUG, BY_TRACE, .flags = FATAL, .joins = TRAPS | KIND(SPLAT_SLAB)),
	HEAD("Oops: ", " [#", OOPS, BY_TRACE, .flags = FATAL, .joins = TRAPS),
	HEAD(" [#", " SMP", OOPS, BY_TRACE, .where = INSIDE, .flags = FATAL),
	HEAD("Thread overran stack, or stack corrupted", NULL,
	     STACK, BY_TRACE, .flags = FATAL | RENAMES, .joins = KIND(SPLAT_OOPS)),
	/* A text address that kallsyms cannot name: nobody's any more. */
	HEAD("RIP: 0010:0xffffffff", NULL,
	     TEXT_GONE, BY_TRACE, .flags = FATAL | ONLY_JOINS | RENAMES,
	     .joins = KIND(SPLAT_OOPS) | KIND(SPLAT_BUG) | KIND(SPLAT_INT3)),

	/* Sentences before a WARNING or a kernel BUG. */
	HEAD("refcount_t: ", "; use-after-free", REFCOUNT, BY_TRACE),
	HEAD("refcount_t: ", "; leaking memory", REFCOUNT, BY_TRACE),
	HEAD("refcount_t: ", "unknown saturation event", REFCOUNT, BY_TRACE),
	HEAD("percpu ref (", "after switching to atomic", REFCOUNT, BY_TRACE),
	HEAD("(): percpu_ref underflow", NULL,
	     REFCOUNT, BY_ITSELF, .where = INSIDE, .flags = LATE,
	     .joins = KIND(SPLAT_REFCOUNT)),
	HEAD("rcuref - imbalanced put()", NULL, REFCOUNT, BY_TRACE),
	HEAD("rcuref saturated - leaking memory", NULL, REFCOUNT, BY_TRACE),
	HEAD("list_add corruption. ", NULL, LIST, BY_TRACE),
	HEAD("list_add double add: ", NULL, LIST, BY_TRACE),
	HEAD("list_del corruption. ", NULL, LIST, BY_TRACE),
	HEAD("list_del corruption, ", "->", LIST, BY_TRACE),
	HEAD("ODEBUG: ", " object type: ", ODEBUG, BY_TRACE),
	HEAD("ODEBUG: ", " annotated.", ODEBUG, BY_TRACE),
	HEAD("kmem_cache_destroy ", "Slab cache still has objects",
	     SLAB, BY_TRACE),
	HEAD("Voluntary context switch within RCU read-side critical section", NULL,
	     ATOMIC_SLEEP, BY_TRACE),
	HEAD("DEBUG_LOCKS_WARN_ON(", NULL,
	     LOCKDEP, BY_TRACE, .joins = KIND(SPLAT_LOCKDEP)),

	HEAD("WARNING: CPU: ", " PID: ", WARN, BY_TRACE, .joins = SAID),
	HEAD("WARNING: ", ", CPU#", WARN, BY_TRACE, .joins = SAID),

	/* Nobody makes progress. */
	HEAD("INFO: rcu_", " stall", RCU_STALL, BY_OTHERS, .where = AFTER_NAME),
	HEAD("rcu_", " kthread starved for ",
	     RCU_STALL, BY_OTHERS, .where = AFTER_NAME, .flags = LATE,
	     .joins = KIND(SPLAT_RCU_STALL)),
	HEAD("rcu_", " kthread timer wakeup didn't happen for ",
	     RCU_STALL, BY_OTHERS, .where = AFTER_NAME, .flags = LATE,
	     .joins = KIND(SPLAT_RCU_STALL)),
	HEAD("BUG: soft lockup - CPU#", NULL,
	     SOFT_LOCKUP, BY_OTHERS, .where = AFTER_NAME),
	HEAD("Watchdog detected hard LOCKUP on cpu ", NULL,
	     HARD_LOCKUP, BY_OTHERS, .where = AFTER_NAME, .flags = FATAL),
	HEAD("Detected non-responsive CSD lock", NULL,
	     HARD_LOCKUP, BY_OTHERS, .where = AFTER_NAME),
	HEAD("INFO: task ", " blocked for more than ", HUNG_TASK, BY_OTHERS),
	HEAD("BUG: workqueue ", NULL, WORKQUEUE, BY_OTHERS),

	/* Lock validation. */
	HEAD("WARNING: possible circular locking dependency detected", NULL,
	     LOCKDEP, BY_TASK),
	HEAD("WARNING: possible recursive locking detected", NULL,
	     LOCKDEP, BY_TASK),
	HEAD("WARNING: possible irq lock inversion dependency detected", NULL,
	     LOCKDEP, BY_TASK),
	HEAD("WARNING: ", "-unsafe lock order detected", LOCKDEP, BY_TASK),
	HEAD("WARNING: inconsistent lock state", NULL, LOCKDEP, BY_TASK),
	HEAD("WARNING: suspicious RCU usage", NULL, LOCKDEP, BY_TASK),
	HEAD("WARNING: held lock freed!", NULL, LOCKDEP, BY_TASK),
	HEAD("WARNING: bad unlock balance detected!", NULL, LOCKDEP, BY_TASK),
	HEAD("WARNING: bad contention detected!", NULL, LOCKDEP, BY_TASK),
	HEAD("WARNING: Nested lock was not taken", NULL, LOCKDEP, BY_TASK),
	HEAD("WARNING: chain_key collision", NULL, LOCKDEP, BY_TASK),
	HEAD("WARNING: ", " still has locks held!", LOCKDEP, BY_TASK),
	HEAD("WARNING: lock held when returning to user space!", NULL,
	     LOCKDEP, BY_OTHERS),
	HEAD("[ BUG: Invalid wait context ]", NULL, LOCKDEP, BY_TASK),
	HEAD("INFO: trying to register non-static key.", NULL,
	     LOCKDEP, BY_TASK),
	HEAD("BUG: MAX_", " too low!", LOCKDEP, BY_TASK),
	HEAD("BUG: key ", " has not been registered!", LOCKDEP, BY_TRACE),
	HEAD("BUG: spinlock ", NULL, LOCKDEP, BY_TASK),
	HEAD("BUG: rwlock ", NULL, LOCKDEP, BY_TASK),

	/* The wrong context. */
	HEAD("BUG: sleeping function called from invalid context", NULL,
	     ATOMIC_SLEEP, BY_TASK),
	HEAD("BUG: scheduling ", NULL, ATOMIC_SLEEP, BY_TASK),
	HEAD("BUG: assuming ", " context at ", ATOMIC_SLEEP, BY_TASK),
	HEAD("BUG: using ", " in preemptible ", ATOMIC_SLEEP, BY_TASK),

	/* Memory. */
	HEAD("BUG: KASAN: ", NULL, KASAN, BY_RULE, .where = ANYWHERE),
	HEAD("BUG: KCSAN: ", NULL, KCSAN, BY_RULE, .where = ANYWHERE),
	HEAD("BUG: KFENCE: ", NULL, KFENCE, BY_RULE, .where = ANYWHERE),
	HEAD("KASAN: ", " in range [0x",
	     KASAN, BY_TRACE, .flags = FATAL, .joins = TRAPS),
	HEAD("UBSAN: ", " in ", UBSAN, BY_TRACE | BY_RULE),
	HEAD("BUG ", "ainted", SLAB, BY_TRACE | BY_TASK, .joins = KIND(SPLAT_SLAB)),
	HEAD("[", " overwritten] 0x",
	     SLAB, BY_TRACE | BY_TASK, .flags = LATE, .joins = KIND(SPLAT_SLAB)),
	HEAD("FIX ", ": ",
	     SLAB, BY_ITSELF, .flags = LATE, .joins = KIND(SPLAT_SLAB)),
	HEAD("BUG: Bad page ", NULL, BAD_PAGE, BY_TASK),
	HEAD("BUG: Bad rss-counter state ", NULL, BAD_PAGE, BY_ITSELF),
	HEAD("kmemleak: ", "new suspected memory leaks",
	     KMEMLEAK, BY_ITSELF, .flags = LATE, .joins = KIND(SPLAT_KMEMLEAK)),
	HEAD("unreferenced object 0x", NULL,
	     KMEMLEAK, BY_OTHERS, .where = AFTER_NAME, .flags = LATE,
	     .joins = KIND(SPLAT_KMEMLEAK)),
	HEAD(" invoked oom-killer: gfp_mask=", NULL,
	     OOM, BY_OOM, .where = INSIDE),
	HEAD("Out of memory: Killed process ", NULL,
	     OOM, BY_ITSELF, .flags = LATE, .joins = KIND(SPLAT_OOM)),
	HEAD("Memory cgroup out of memory: Killed process ", NULL,
	     OOM, BY_ITSELF, .flags = LATE, .joins = KIND(SPLAT_OOM)),
	HEAD(": page allocation failure: order:", NULL,
	     PAGE_ALLOC, BY_TASK, .where = INSIDE),
	HEAD(": vmalloc error: size ", NULL,
	     PAGE_ALLOC, BY_TASK, .where = INSIDE),

	/* The witness itself fails: what was dropped may have been a headline. */
	HEAD("** ", " printk messages dropped **", LOST, BY_ITSELF),

	/* Whatever else calls itself a bug, or shows a stack unasked. */
	HEAD("BUG: ", NULL, BUG_OTHER, BY_OTHERS),
	HEAD("sysrq: Show ", NULL, TRACE, BY_OTHERS, .flags = HARMLESS),
	HEAD("Call Trace:", NULL,
	     TRACE, BY_TASK, .flags = LATE, .joins = ANY_KIND),
};

static const struct splat_mark marks[] = {
	{ "---[ end trace", BY_TRACE },
	{ "====================", BY_RULE },
	{ " </TASK>", BY_TASK },
	{ "---[ end Kernel panic", BY_PANIC },
	{ "Rebooting in ", BY_PANIC },
	{ "Kernel Offset: ", BY_PANIC },
	{ "Out of memory: Killed process ", BY_OOM },
	{ "Out of memory and no killable processes", BY_OOM },
	{ "Memory cgroup out of memory: Killed process ", BY_OOM },
};

#define PART(TEXT)	{ .text = (TEXT) }
#define RESUMES(TEXT)	{ .text = (TEXT), .resumes = true }

static const struct splat_part parts[] = {
	RESUMES("Sending NMI "), RESUMES("NMI backtrace for cpu "),
	RESUMES("rcu: "), RESUMES("task:"), RESUMES("Showing busy workqueues"),
	RESUMES("Showing backtraces of running workers"),
	RESUMES("Showing all locks held"),
	PART(" "), PART("\t"), PART("CPU: "), PART("CPU#"), PART("Tainted: "),
	PART("Hardware name: "), PART("Workqueue: "), PART("RIP: "), PART("Code: "),
	PART("RSP: "), PART("RAX: "), PART("RDX: "), PART("RBP: "), PART("R10: "),
	PART("R13: "), PART("FS: "), PART("CS: "), PART("CR2: "), PART("DR0: "),
	PART("DR3: "), PART("PKRU: "),
	PART("Modules linked in:"), PART("irq event stamp"),
	PART("hardirqs last"), PART("softirqs last"),
	PART("\"echo 0 > /proc/sys/kernel/hung_task"),
	PART("Future hung task reports"), PART("INFO: lockdep is turned off"),
	PART("INFO: NMI handler "), PART("workqueue "), PART("pool "),
	PART("kmemleak: "), PART("smp: "), PART("====="), PART("-----"),
};

static const char *const echoes[] = {
	"Command line: ", "Kernel command line: ",
	"Unknown kernel command line parameters ", "lastref: ",
};

static_assert(ARRAY_SIZE(rows) < 256, "splat_index has a byte for a row");

const struct splat_table splat_table = {
	rows, ARRAY_SIZE(rows), marks, ARRAY_SIZE(marks),
	parts, ARRAY_SIZE(parts), echoes, ARRAY_SIZE(echoes), 3,
};
