/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Tracepoints of unloadcheck, for perf, trace-cmd and bpftrace.
 */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM unloadcheck

#if !defined(LASTREF_CHECK_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define LASTREF_CHECK_TRACE_H

#include <linux/tracepoint.h>

#include "check.h"

/* The first post of a function from a place. */
TRACE_EVENT(site,
	TP_PROTO(const struct uc_site *s),
	TP_ARGS(s),
	TP_STRUCT__entry(
		__field(void *, func)
		__field(void *, from)
		__field(int, flavor)
		__array(char, module, MODULE_NAME_LEN)
	),
	TP_fast_assign(
		__entry->func = s->func;
		__entry->from = (void *)s->from;
		__entry->flavor = s->flavor;
		strscpy(__entry->module, s->owner->name, MODULE_NAME_LEN);
	),
	TP_printk("module=%s func=%pS flavor=%s from=%pS", __entry->module,
		  __entry->func, uc_flavor_names[__entry->flavor],
		  __entry->from)
);

/* A barrier, or what is taken for one, has ended. */
TRACE_EVENT(barrier,
	TP_PROTO(const char *name, u64 ns),
	TP_ARGS(name, ns),
	TP_STRUCT__entry(
		__field(const char *, name)
		__field(u64, ns)
	),
	TP_fast_assign(
		__entry->name = name;
		__entry->ns = ns;
	),
	TP_printk("name=%s took_ns=%llu", __entry->name, __entry->ns)
);

TRACE_EVENT(verdict,
	TP_PROTO(const struct uc_module *m, const char *verdict,
		 unsigned long posted, unsigned long pending),
	TP_ARGS(m, verdict, posted, pending),
	TP_STRUCT__entry(
		__array(char, module, MODULE_NAME_LEN)
		__field(const char *, verdict)
		__field(unsigned long, posted)
		__field(unsigned long, pending)
	),
	TP_fast_assign(
		strscpy(__entry->module, m->name, MODULE_NAME_LEN);
		__entry->verdict = verdict;
		__entry->posted = posted;
		__entry->pending = pending;
	),
	TP_printk("module=%s verdict=%s posted=%lu pending=%lu",
		  __entry->module, __entry->verdict, __entry->posted,
		  __entry->pending)
);

#endif /* LASTREF_CHECK_TRACE_H */

/* check_main.c, which makes these, finds this file in its own directory. */
#undef TRACE_INCLUDE_PATH
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_PATH ../../module/unload
#define TRACE_INCLUDE_FILE check_trace
#include <trace/define_trace.h>
