// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "collect.h"
#include "session.h"

int session_command(struct session *s, const struct step *step, long extra_ms,
		    void (*out)(void *arg, const char *line), void *arg,
		    const char *fmt, ...)
{
	int limit = deadline_ms(&s->deadlines, s->job->scenario->timeout) + extra_ms;
	char *command = NULL;
	const char *told;
	va_list ap;
	int ret;

	va_start(ap, fmt);
	ret = vasprintf(&command, fmt, ap);
	va_end(ap);
	if (ret < 0)
		return -1;
	/* The step itself is named in any case. */
	told = strcmp(command, step->text) ? command : "";
	ret = vm_command(s->vm, limit, out, arg, "%s", command);
	if (ret == -ETIMEDOUT) {
		s->deadline = vm_quiet_ms(s->vm) >= limit ? "silence" : "step";
		session_fail(s, step, "%s%sno answer in %d s", told, *told ? ": " : "",
			     limit / 1000);
	} else if (ret < 0) {
		session_fail(s, step, "%s%s%s", told, *told ? ": " : "",
			     ret == -EPIPE ? "the machine ended" : strerror(-ret));
	} else if (ret > 0) {
		session_fail(s, step, "%s%s%s", told, *told ? ": " : "",
			     *vm_status_text(s->vm) ? vm_status_text(s->vm) : strerror(ret));
	}
	free(command);
	return ret ? -1 : 0;
}

void session_fail(struct session *s, const struct step *step, const char *fmt, ...)
{
	char text[300];
	va_list ap;

	if (s->step_error[0])
		return;
	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	snprintf(s->step_error, sizeof(s->step_error), "%s%s:%u: %s = %.60s: %s",
		 s->job->scenario->name, SCENARIO_SUFFIX, step->line,
		 step_word(step->kind), step->text, text);
}

const struct ktap *session_keep_ktap(struct session *s, const char *name,
				     const char *text)
{
	struct session_ktap *more, *k;

	more = reallocarray(s->ktaps, s->nr_ktaps + 1, sizeof(*more));
	if (!more)
		abort();
	s->ktaps = more;
	k = &more[s->nr_ktaps++];
	k->name = strdup(name);
	k->text = strdup(text);
	k->ktap = ktap_of(text);
	return k->ktap;
}

void session_append(struct session *s, const char *file, const char *heading,
		    const char *text)
{
	char path[4096];
	FILE *out;

	if (!*text)
		return;
	snprintf(path, sizeof(path), "%s/%s", s->job->dir, file);
	out = fopen(path, "a");
	if (out)
		fprintf(out, "== %s\n%s%s\n", heading, text,
			text[strlen(text) - 1] == '\n' ? "" : "\n");
	if (!out || fclose(out))
		errbuf_set(&s->harness, "%s: %s", path, strerror(errno));
}

size_t session_row_of(const struct scenario *scenario, size_t index)
{
	size_t row = 0, i;

	for (i = 0; i < index; i++)
		row += step_has_row(scenario->steps[i].kind);
	return row;
}

static void send_progress(struct session *s, const struct progress *p)
{
	send(s->job->status_fd, p, sizeof(*p), MSG_DONTWAIT | MSG_NOSIGNAL);
}

void session_phase(struct session *s, const char *fmt, ...)
{
	struct progress p = { .kind = PROGRESS_PHASE };
	int len = 0;
	va_list ap;

	if (s->steps > 1 && s->vm)
		len = snprintf(p.phase, sizeof(p.phase), "step %u of %u: ",
			       s->steps_done + 1, s->steps);
	va_start(ap, fmt);
	vsnprintf(p.phase + len, sizeof(p.phase) - len, fmt, ap);
	va_end(ap);
	send_progress(s, &p);
}

void session_row(struct session *s, size_t row, const struct table_row *data)
{
	struct progress p = { .kind = PROGRESS_ROW, .row = row, .data = *data };

	send_progress(s, &p);
}
