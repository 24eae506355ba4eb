// SPDX-License-Identifier: GPL-2.0
/*
 * lastref shell: a machine to look around in.
 *
 * At a terminal it is joined to a shell in the guest. Elsewhere what comes on
 * stdin is a script: it is put into the guest, run there, and what it prints is
 * all that goes to stdout.
 *
 * The machine belongs to this process and dies with it. Its logs are kept as
 * those of a run are, below results/, since somebody will want to quote them.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "clone.h"
#include "commands.h"
#include "deadline.h"
#include "guest.h"
#include "paths.h"
#include "rundir.h"
#include "textbuf.h"
#include "vm.h"

#define SCRIPT_SECONDS	86400
#define STIR_MS		10000

/* The agent's \xHH, back to the byte; everything else is itself. */
static void print_line(void *arg, const char *line)
{
	unsigned int byte;

	(void)arg;
	for (; *line; line++) {
		if (line[0] == '\\' && line[1] == 'x' && sscanf(line + 2, "%2x", &byte) == 1) {
			putchar(byte);
			line += 3;
		} else {
			putchar(*line);
		}
	}
	putchar('\n');
	fflush(stdout);
}

static int run_script(struct vm *vm)
{
	int ret = vm_command(vm, (SCRIPT_SECONDS + 60) * 1000, print_line, NULL,
			     "run -t %d /bin/sh " GUEST_SCRIPT, SCRIPT_SECONDS);

	if (ret > 0)
		fprintf(stderr, "lastref: the script ended with %d\n", ret);
	if (ret >= 0)
		return ret ? EXIT_FAILED : EXIT_PASSED;
	fprintf(stderr, "lastref: the machine ended before the script: %s\n", vm_end_reason(vm));
	return vm_end(vm) == VM_POWEROFF ? EXIT_PASSED : EXIT_FAILED;
}

static int talk(struct vm *vm, const char *dir)
{
	int ret;

	printf("%s, %u CPUs, up after %ld ms. The modules are in /lib/modules:\n"
	       "    insmod /lib/modules/reftorture.ko\n"
	       "    cat /sys/kernel/debug/reftorture/README\n"
	       "Ctrl-] leaves, and so does exit. The console's log: %s/console.log\n",
	       vm_release(vm), vm_cpus(vm), vm_boot_ms(vm), paths_from_here(dir));
	fflush(stdout);
	ret = vm_shell(vm, STDIN_FILENO, STDOUT_FILENO);
	putchar('\n');
	if (ret < 0 && vm_end(vm) != VM_RUNNING)
		printf("The machine has ended: %s\n", vm_end_reason(vm));
	return EXIT_PASSED;
}

/* Two shells of one snapshot would draw the same random numbers. */
static void stir(struct vm *vm)
{
	unsigned long long seed;

	if (getrandom(&seed, sizeof(seed), 0) == sizeof(seed))
		vm_command(vm, STIR_MS, NULL, NULL, "seed %llu", seed);
}

static struct vm *boot(const struct kernel *k, const struct options *o, const char *qemu,
		       const char *dir, const char *script)
{
	char initrd[4096], append[1024], *tree = paths_in_root("build/selftests");
	struct vm_config config = {
		.qemu = qemu, .kernel = k->boot, .initrd = initrd, .append = append,
		.cpus = o->smp, .memory_mb = o->memory, .accel = k->accel.accel, .dir = dir,
	};
	struct clone_facts facts = { .cloned = false };
	struct errbuf err;
	struct vm *vm = NULL;

	snprintf(append, sizeof(append), "%s%s", o->expedited ? BOOT_EXPEDITED " " : "",
		 o->boot ? o->boot : "");
	snprintf(initrd, sizeof(initrd), "%s/initrd.gz", dir);
	/* A script is in the image, and an image of its own is not worth a snapshot. */
	if (!guest_image(initrd, k, !access(tree, R_OK), script, &err))
		vm = script ? vm_boot(&config, deadline_boot_ms(), &facts.retries, &err) :
			      clone_boot(&config, deadline_boot_ms(), &facts, &err);
	free(tree);
	if (!o->keep)
		unlink(initrd);
	if (!vm)
		fprintf(stderr, "lastref: %s\n", err.text);
	else if (facts.cloned)
		stir(vm);
	return vm;
}

/* All of stdin, unless that is a terminal: then NULL. */
static char *read_script(void)
{
	struct textbuf text = { 0 };
	char buf[4096];
	size_t n;

	if (isatty(STDIN_FILENO))
		return NULL;
	while ((n = fread(buf, 1, sizeof(buf), stdin)))
		textbuf_add(&text, buf, n);
	return textbuf_take(&text);
}

static int use_machine(const struct kernel *k, const struct options *o, const char *qemu,
		       const char *dir)
{
	char *script = read_script();
	int ret = EXIT_HARNESS;
	struct vm *vm;

	if (!script)
		printf("kernel %s: %s\nbooting, or going on from an earlier boot ...\n",
		       k->name, k->accel.why);
	fflush(stdout);
	vm = boot(k, o, qemu, dir, script);
	if (vm)
		ret = script ? run_script(vm) : talk(vm, dir);
	if (vm && vm_end(vm) == VM_RUNNING)
		vm_stop(vm);
	vm_free(vm);
	free(script);
	return ret;
}

static int boot_shell(const struct options *o)
{
	const char *name = o->nr_kernels ? o->kernels[0] : KERNEL_DEFAULT;
	char *qemu, *results = NULL, *dir = NULL;
	int ret = EXIT_HARNESS;
	struct errbuf err;
	struct kernel k;

	qemu = paths_root(&err) ? kernel_qemu(o, &err) : NULL;
	if (qemu && !kernel_prepare(&k, name, o, &err)) {
		results = o->results ? strdup(o->results) : paths_in_root("results");
		dir = rundir_new(results, &err);
		if (dir)
			ret = use_machine(&k, o, qemu, dir);
		kernel_free(&k);
	}
	if (!dir)
		fprintf(stderr, "lastref: %s\n", err.text);
	free(dir);
	free(results);
	free(qemu);
	return ret;
}

const struct command command_shell = {
	.name = "shell",
	.operands = "",
	.about = "Boot a virtual machine with the modules in place, and talk to its shell",
	.text = "Examples:\n"
		"  lastref shell\n"
		"  lastref shell --kernel debug --smp 4\n"
		"  echo 'uname -r' | lastref shell\n"
		"\n"
		"Ctrl-] leaves; so do \"exit\" and \"poweroff -f\". Ctrl-C goes to the guest.\n"
		"What comes from a pipe or a file is run as a script; what it prints, and\n"
		"nothing else, goes to stdout, and the exit status is 1 if its is not 0.\n"
		"\n"
		"A machine is booted once and then cloned in well under a second, so all\n"
		"shells of one kind begin in the same moment; a script gets a boot of its own.\n",
	.options = OPT_BIT(OPT_KERNEL) | OPT_BIT(OPT_SMP) | OPT_BIT(OPT_MEMORY) |
		OPT_BIT(OPT_ACCEL) | OPT_BIT(OPT_EXPEDITED) | OPT_BIT(OPT_BOOT) |
		OPT_BIT(OPT_RESULTS) | OPT_BIT(OPT_KEEP) | OPT_BIT(OPT_QEMU),
	.run = boot_shell,
};
