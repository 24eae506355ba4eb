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
#include "session.h"
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
static void name_it(const struct splat_scan *splats, const struct symbols *symbols,
		    char sig[SIGNATURE_MAX])
{
	const struct splat *splat = splat_worst(splats);
	char *named = splat ? symbols_decode(symbols, splat->excerpt) : NULL;

	if (splat)
		signature_splat(splat_kind_name(splat->kind), splat->headline, named, sig);
	else
		snprintf(sig, SIGNATURE_MAX, SIGNATURE_MUTE);
	free(named);
}

const char *crash_memory(const char *case_dir, const struct splat_scan *splats,
			 const struct symbols *symbols)
{
	static char path[4096];
	char sig[SIGNATURE_MAX];

	name_it(splats, symbols, sig);
	if (!crash_is_first(case_dir, sig))
		return NULL;
	snprintf(path, sizeof(path), "%s/" DUMP_NAME, case_dir);
	return path;
}

struct crash_left crash_gather(const struct vm *vm, const char *case_dir)
{
	struct crash_left left = { 0 };
	char path[4128];
	struct stat st;

	if (vm_end(vm) != VM_RESET && vm_end(vm) != VM_GUEST_PANIC)
		return left;
	left.events = trace_cut(case_dir);
	snprintf(path, sizeof(path), "%s/" DUMP_NAME, case_dir);
	if (stat(path, &st))
		return left;
	left.memory = st.st_size;
	left.too_much = st.st_size > DUMP_BYTES_MAX;
	if (left.too_much)
		unlink(path);
	return left;
}

static const char *shown(const struct session *s, const char *name)
{
	static char path[4128];

	snprintf(path, sizeof(path), "%s/%s", s->job->dir, name);
	return paths_from_here(path);
}

void crash_tell(struct session *s)
{
	bool wanted = s->result.status != STATUS_PASS;
	struct crash_left left;

	if (!s->vm)
		return;
	left = crash_gather(s->vm, s->job->dir);
	if (left.too_much)
		case_note(&s->result, "the memory at the crash took %lld MiB and was not kept",
			  left.memory >> 20);
	else if (left.memory && wanted)
		case_note(&s->result, "the memory at the crash: %s, %lld MiB, for crash(8) or drgn",
			  shown(s, DUMP_NAME), left.memory >> 20);
	if (left.events && wanted)
		case_note(&s->result, "its last %zu trace events: %s", left.events,
			  shown(s, TRACE_NAME));
}
