// SPDX-License-Identifier: GPL-2.0
/* What a crash leaves behind: see crash.h. */
#include <fcntl.h>
#include <glob.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "content.h"
#include "crash.h"
#include "paths.h"
#include "signature.h"
#include "trace.h"

#define CLAIMS	"crashes"

static bool is_full(const char *claims)
{
	glob_t found = { .gl_pathc = 0 };
	char pattern[4128];
	bool full;

	snprintf(pattern, sizeof(pattern), "%s/*", claims);
	full = !glob(pattern, 0, NULL, &found) && found.gl_pathc >= DUMPS_MAX;
	globfree(&found);
	return full;
}

bool crash_is_first(const char *case_dir, const char *signature)
{
	const char *id = strrchr(case_dir, '/');
	char claims[4096], path[4128];
	int fd;

	if (!id)
		return false;
	snprintf(claims, sizeof(claims), "%.*s/" CLAIMS, (int)(id - case_dir), case_dir);
	mkdir(claims, 0777);
	if (is_full(claims))
		return false;
	snprintf(path, sizeof(path), "%s/%016llx", claims,
		 content_hash(CONTENT_SEED, signature, strlen(signature)));
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
	if (fd < 0)
		return false;
	dprintf(fd, "%s\n%s\n", signature, id + 1);
	close(fd);
	return true;
}

/* As signature_of() will find it when the case is over. */
static void name_it(const struct session *s, char sig[SIGNATURE_MAX])
{
	const struct splat *splat = splat_worst(s->splats);
	char *named = splat ? symbols_decode(s->symbols, splat->excerpt) : NULL;

	if (splat)
		signature_splat(splat_kind_name(splat->kind), splat->headline, named, sig);
	else
		snprintf(sig, SIGNATURE_MAX, SIGNATURE_MUTE);
	free(named);
}

const char *crash_dump(void *arg)
{
	struct session *s = arg;
	char sig[SIGNATURE_MAX];

	name_it(s, sig);
	if (!crash_is_first(s->job->dir, sig))
		return NULL;
	snprintf(s->dump, sizeof(s->dump), "%s/" DUMP_NAME, s->job->dir);
	return s->dump;
}

static void tell_dump(struct session *s, bool wanted)
{
	struct stat st;

	if (!s->dump[0] || stat(s->dump, &st))
		return;
	if (st.st_size > DUMP_BYTES_MAX) {
		unlink(s->dump);
		case_note(&s->result, "the memory at the crash took %lld MiB and was not kept",
			  (long long)st.st_size >> 20);
	} else if (wanted) {
		case_note(&s->result, "the memory at the crash: %s, %lld MiB, for crash(8) or drgn",
			  paths_from_here(s->dump), (long long)st.st_size >> 20);
	}
}

void crash_tell(struct session *s)
{
	bool wanted = s->result.status != STATUS_PASS;
	char path[4128];
	size_t n;

	if (!s->vm || (vm_end(s->vm) != VM_RESET && vm_end(s->vm) != VM_GUEST_PANIC))
		return;
	tell_dump(s, wanted);
	n = trace_cut(s->job->dir);
	snprintf(path, sizeof(path), "%s/" TRACE_NAME, s->job->dir);
	if (n && wanted)
		case_note(&s->result, "its last %zu trace events: %s", n, paths_from_here(path));
}
