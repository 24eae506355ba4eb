// SPDX-License-Identifier: GPL-2.0
/*
 * lastref shell: a machine to look around in.
 *
 * The machine belongs to this process and dies with it. Its logs are kept as
 * those of a run are, below results/, since somebody will want to quote them.
 */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "commands.h"
#include "deadline.h"
#include "guest.h"
#include "paths.h"
#include "rundir.h"
#include "vm.h"

static struct termios cooked;

static void make_raw(void)
{
	struct termios raw = cooked;

	cfmakeraw(&raw);
	tcsetattr(STDIN_FILENO, TCSANOW, &raw);
}

static void talk(struct vm *vm)
{
	bool terminal = !tcgetattr(STDIN_FILENO, &cooked);
	int ret;

	if (terminal)
		make_raw();
	ret = vm_shell(vm, STDIN_FILENO, STDOUT_FILENO);
	if (terminal)
		tcsetattr(STDIN_FILENO, TCSANOW, &cooked);
	if (ret < 0 && vm_end(vm) != VM_RUNNING)
		printf("\nThe machine has ended: %s.\n", vm_end_reason(vm));
}

static int boot_and_talk(const struct kernel *k, const struct options *o, const char *qemu,
			 const char *dir)
{
	char initrd[4096], append[1024];
	struct vm_config config = {
		.qemu = qemu, .kernel = k->boot, .initrd = initrd, .append = append,
		.cpus = o->smp, .memory_mb = o->memory, .accel = k->accel.accel, .dir = dir,
	};
	char *tree = paths_in_root("build/selftests");
	bool selftests = !access(tree, R_OK);
	struct errbuf err;
	struct vm *vm = NULL;
	int retries;

	snprintf(append, sizeof(append), "%s%s", o->expedited ? "rcupdate.rcu_expedited=1 " : "",
		 o->boot ? o->boot : "");
	snprintf(initrd, sizeof(initrd), "%s/initrd.gz", dir);
	if (!guest_image(initrd, k, selftests, &err))
		vm = vm_boot(&config, deadline_boot_ms(), &retries, &err);
	free(tree);
	if (!o->keep)
		unlink(initrd);
	if (!vm) {
		fprintf(stderr, "lastref: %s\n", err.text);
		return EXIT_HARNESS;
	}
	printf("%s, %u CPUs, up after %ld ms. Modules are in /lib/modules: insmod /lib/modules/reftorture.ko\n"
	       "Its files are in /sys/kernel/debug/reftorture, README first.\n"
	       "Ctrl-] leaves, and so does exit; the console's log is %s/console.log\n",
	       vm_release(vm), vm_cpus(vm), vm_boot_ms(vm), dir);
	fflush(stdout);
	talk(vm);
	vm_stop(vm);
	vm_free(vm);
	return EXIT_PASSED;
}

static int boot_shell(const struct options *o)
{
	const char *name = o->nr_kernels ? o->kernels[0] : KERNEL_DEFAULT;
	char *qemu, *results = NULL, *dir = NULL;
	int ret = EXIT_HARNESS;
	struct errbuf err;
	struct kernel k;

	qemu = paths_root(&err) ? kernel_qemu(o, &err) : NULL;
	if (!qemu) {
		fprintf(stderr, "lastref: %s\n", err.text);
		return EXIT_HARNESS;
	}
	if (!kernel_prepare(&k, name, o, &err)) {
		results = o->results ? strdup(o->results) : paths_in_root("results");
		dir = rundir_new(results, &err);
		printf("kernel %s: %s\n", k.name, k.accel.why);
		if (dir)
			ret = boot_and_talk(&k, o, qemu, dir);
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
		"Ctrl-] leaves; so do \"exit\" and \"poweroff -f\". Ctrl-C goes to the guest.\n",
	.options = OPT_BIT(OPT_KERNEL) | OPT_BIT(OPT_SMP) | OPT_BIT(OPT_MEMORY) |
		OPT_BIT(OPT_ACCEL) | OPT_BIT(OPT_EXPEDITED) | OPT_BIT(OPT_BOOT) |
		OPT_BIT(OPT_RESULTS) | OPT_BIT(OPT_KEEP) | OPT_BIT(OPT_QEMU),
	.run = boot_shell,
};
