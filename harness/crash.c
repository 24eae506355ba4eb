// SPDX-License-Identifier: GPL-2.0
/* What a crash leaves behind: see crash.h. */
#include <glob.h>
#include <sys/stat.h>
#include <unistd.h>

#include "crash.h"
#include "paths.h"

const char *crash_dump(struct session *s)
{
	char pattern[4096];
	glob_t found = { .gl_pathc = 0 };
	bool enough;

	if (s->job->golden || s->job->scenario->expect == EXPECT_CRASH)
		return NULL;
	snprintf(pattern, sizeof(pattern), "%s/../*/" DUMP_NAME, s->job->dir);
	enough = !glob(pattern, 0, NULL, &found) && found.gl_pathc >= DUMPS_MAX;
	globfree(&found);
	if (enough)
		return NULL;
	snprintf(s->dump, sizeof(s->dump), "%s/" DUMP_NAME, s->job->dir);
	return s->dump;
}

void crash_tell(struct session *s)
{
	struct stat st;

	if (!s->dump[0] || stat(s->dump, &st))
		return;
	if (st.st_size > DUMP_BYTES_MAX) {
		unlink(s->dump);
		case_note(&s->result, "the memory at the crash took %lld MiB and was not kept",
			  (long long)st.st_size >> 20);
		return;
	}
	case_note(&s->result, "the memory at the crash: %s, %lld MiB, for crash(8) or drgn",
		  paths_from_here(s->dump), (long long)st.st_size >> 20);
}
