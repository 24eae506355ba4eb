// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "load_map.h"
#include "rig.h"
#include "rundir.h"

#define CALIBRATE_S	30
#define POWEROFF_S	20

static void on_boot(void *arg, int attempt)
{
	struct rig *r = arg;

	/* The console of a boot that failed is not evidence about the next. */
	(void)attempt;
	splat_scan_free(r->splats);
	r->splats = splat_scan_new();
}

static void on_console(void *arg, const char *bytes, size_t n)
{
	struct rig *r = arg;

	splat_scan_feed(r->splats, bytes, n);
}

static const char *on_crash(void *arg)
{
	struct rig *r = arg;

	return crash_memory(r->dir, r->splats, r->symbols);
}

static char *kernel_arguments(const struct rig_config *c)
{
	const struct options *o = c->options;
	char *text;

	if (asprintf(&text, "%s%s%s", c->boot ? c->boot : "", o->boot ? " " : "",
		     o->boot ? o->boot : "") < 0)
		return NULL;
	return text;
}

static void on_calibrated(const char *text, long *ms)
{
	if (sscanf(text, "ms %ld", ms) != 1)
		*ms = 0;
}

/* How fast is it, and how long may things take on it? */
static int measure(struct rig *r, struct errbuf *err)
{
	struct textbuf out = { 0 };
	char command[64], *text;
	long loop_ms;
	int ret;

	/* A clone was measured before it was saved. */
	if (r->facts.cloned) {
		clone_deadlines(&r->facts, &r->deadlines);
		return 0;
	}
	deadline_compute(&r->deadlines, 0, vm_boot_ms(r->vm));
	ret = rig_command(r, CALIBRATE_S, &out, "calibrate");
	text = textbuf_take(&out);
	on_calibrated(text, &loop_ms);
	free(text);
	deadline_compute(&r->deadlines, loop_ms, vm_boot_ms(r->vm));
	deadline_command(&r->deadlines, command, sizeof(command));
	if (!ret)
		ret = rig_command(r, CALIBRATE_S, NULL, "%s", command);
	if (ret)
		errbuf_set(err, "the guest came up but does not answer (%s): see its console",
			   ret < 0 ? strerror(-ret) : vm_status_text(r->vm));
	return ret ? -1 : 0;
}

static int start(struct rig *r, const struct rig_config *c, struct errbuf *err)
{
	const struct options *o = c->options;
	char *append = kernel_arguments(c), initrd[4096];
	struct vm_config config = {
		.qemu = c->qemu, .kernel = c->kernel->boot, .initrd = initrd,
		.append = append, .accel = c->kernel->accel.accel, .dir = c->dir,
		.cpus = o->smp, .memory_mb = o->memory,
		.trace = true, .dump = on_crash,
		.on_boot = on_boot, .on_console = on_console, .arg = r,
	};

	snprintf(initrd, sizeof(initrd), "%s/initrd.gz", c->dir);
	if (append && !guest_image_with(initrd, c->kernel, c->files, c->nr_files, err))
		r->vm = c->fresh ? clone_boot(&config, deadline_boot_ms(), &r->facts, err) :
			vm_boot(&config, deadline_boot_ms(), &r->facts.retries, err);
	if (!o->keep)
		unlink(initrd);
	free(append);
	return r->vm ? 0 : -1;
}

int rig_boot(struct rig *r, const struct rig_config *c, struct errbuf *err)
{
	struct errbuf ignored;

	*r = (struct rig){
		.dir = c->dir, .splats = splat_scan_new(), .symbols = symbols_new(),
	};
	if (c->kernel->vmlinux)
		symbols_add_vmlinux(r->symbols, c->kernel->vmlinux, &ignored);
	if (!rundir_make(c->dir, err) && !start(r, c, err) && !measure(r, err))
		return 0;
	rig_free(r);
	return -1;
}

static void add_line(void *arg, const char *line)
{
	textbuf_addf(arg, "%s\n", line);
}

int rig_command(struct rig *r, unsigned int seconds, struct textbuf *out, const char *fmt, ...)
{
	char *command = NULL;
	va_list ap;
	int ret;

	va_start(ap, fmt);
	ret = vasprintf(&command, fmt, ap);
	va_end(ap);
	if (ret < 0)
		return -ENOMEM;
	ret = vm_command(r->vm, deadline_ms(&r->deadlines, seconds), out ? add_line : NULL, out,
			 "%s", command);
	r->timed_out |= ret == -ETIMEDOUT;
	free(command);
	return ret;
}

static void learn(void *arg, const char *line)
{
	load_map_line(arg, line);
}

int rig_insmod(struct rig *r, unsigned int seconds, const char *module, const char *parameters)
{
	struct load_map map = { .symbols = r->symbols };
	int ret = vm_command(r->vm, deadline_ms(&r->deadlines, seconds), learn, &map,
			     "insmod %s%s%s", module, *parameters ? " " : "", parameters);

	r->timed_out |= ret == -ETIMEDOUT;
	load_map_end(&map);
	return ret;
}

int rig_rmmod(struct rig *r, unsigned int seconds, const char *module)
{
	int ret = rig_command(r, seconds, NULL, "rmmod %s", module);

	/* Also where the machine goes down in the midst of it. */
	if (ret <= 0)
		symbols_module_gone(r->symbols, module);
	return ret;
}

bool rig_alive(const struct rig *r)
{
	return r->vm && !r->timed_out && vm_end(r->vm) == VM_RUNNING;
}

void rig_watch(struct rig *r, unsigned int ms)
{
	vm_wait_end(r->vm, ms);
}

void rig_end(struct rig *r)
{
	int limit = deadline_ms(&r->deadlines, POWEROFF_S);

	if (rig_alive(r)) {
		rig_command(r, POWEROFF_S, NULL, "poweroff");
		vm_wait_end(r->vm, limit);
	}
	if (vm_end(r->vm) == VM_RUNNING)
		vm_stop(r->vm);
	splat_scan_finish(r->splats);
	r->left = crash_gather(r->vm, r->dir);
}

char *rig_report(const struct rig *r)
{
	const struct splat *worst = splat_worst(r->splats);
	const char *line;

	/* "Kernel Offset:" is on the console only, and there in the report itself. */
	for (line = worst ? worst->excerpt : NULL; line; line = strchr(line, '\n'))
		symbols_learn(r->symbols, line += *line == '\n');
	return worst ? symbols_decode(r->symbols, worst->excerpt) : NULL;
}

void rig_free(struct rig *r)
{
	vm_free(r->vm);
	splat_scan_free(r->splats);
	symbols_free(r->symbols);
	*r = (struct rig){ 0 };
}
