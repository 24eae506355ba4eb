/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Tracepoints lastref:defer_*: a head's way from post to return, and who waits.
 */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM lastref

#if !defined(_LASTREF_DEFER_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define _LASTREF_DEFER_TRACE_H

#include <linux/tracepoint.h>

#include "domain.h"

/* A post was accepted; may fire in NMI. */
TRACE_EVENT(defer_post,
	TP_PROTO(struct defer_domain *d, struct defer_head *posted,
		 unsigned long from),
	TP_ARGS(d, posted, from),
	TP_STRUCT__entry(
		__array(char, domain, DEFER_NAME_LEN)
		__field(void *, head)
		__field(unsigned long, from)
	),
	TP_fast_assign(
		memcpy(__entry->domain, d->name, DEFER_NAME_LEN);
		__entry->head = posted;
		__entry->from = from;
	),
	TP_printk("domain=%s head=%p from=%pS", __entry->domain,
		  __entry->head, (void *)__entry->from)
);

/* Posts were collected and wait for a grace period. */
TRACE_EVENT(defer_gp,
	TP_PROTO(struct defer_domain *d, const char *how),
	TP_ARGS(d, how),
	TP_STRUCT__entry(
		__array(char, domain, DEFER_NAME_LEN)
		__field(const char *, how)
	),
	TP_fast_assign(
		memcpy(__entry->domain, d->name, DEFER_NAME_LEN);
		__entry->how = how;
	),
	TP_printk("domain=%s %s", __entry->domain, __entry->how)
);

/* A callback is entered. */
TRACE_EVENT(defer_invoke,
	TP_PROTO(struct defer_domain *d, struct defer_head *posted, void *func),
	TP_ARGS(d, posted, func),
	TP_STRUCT__entry(
		__array(char, domain, DEFER_NAME_LEN)
		__field(void *, head)
		__field(void *, func)
	),
	TP_fast_assign(
		memcpy(__entry->domain, d->name, DEFER_NAME_LEN);
		__entry->head = posted;
		__entry->func = func;
	),
	TP_printk("domain=%s head=%p func=%ps", __entry->domain,
		  __entry->head, __entry->func)
);

DECLARE_EVENT_CLASS(defer_wait,
	TP_PROTO(struct defer_domain *d, const char *stage),
	TP_ARGS(d, stage),
	TP_STRUCT__entry(
		__array(char, domain, DEFER_NAME_LEN)
		__field(const char *, stage)
		__field(unsigned long, pending)
	),
	TP_fast_assign(
		memcpy(__entry->domain, d->name, DEFER_NAME_LEN);
		__entry->stage = stage;
		__entry->pending = domain_pending(d);
	),
	TP_printk("domain=%s %s pending=%lu", __entry->domain, __entry->stage,
		  __entry->pending)
);

DEFINE_EVENT(defer_wait, defer_barrier,
	TP_PROTO(struct defer_domain *d, const char *stage),
	TP_ARGS(d, stage)
);

DEFINE_EVENT(defer_wait, defer_close,
	TP_PROTO(struct defer_domain *d, const char *stage),
	TP_ARGS(d, stage)
);

#endif /* _LASTREF_DEFER_TRACE_H */

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE defer_trace
#include <trace/define_trace.h>
