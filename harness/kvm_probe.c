// SPDX-License-Identifier: GPL-2.0
/*
 * The cheap rungs of the KVM ladder: see kvm_probe.h.
 *
 * The small guest runs in a child with a deadline, because KVM_RUN on a broken
 * host may neither return nor fail.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/kvm.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "child.h"
#include "compiler.h"
#include "kvm_probe.h"

#define KVM_DEVICE	"/dev/kvm"
#define GUEST_MS	2000
#define GUEST_ADDRESS	0x1000
#define GUEST_PORT	0x10
#define GUEST_VALUE	42

/* mov $0x10,%dx; mov $42,%al; out %al,(%dx); hlt */
static const unsigned char guest_code[] = {
	0xba, GUEST_PORT, 0x00, 0xb0, GUEST_VALUE, 0xee, 0xf4,
};

/* What QEMU's KVM machines cannot do without. */
static const struct {
	int number;
	const char *name;
} capabilities[] = {
	{ KVM_CAP_USER_MEMORY, "KVM_CAP_USER_MEMORY" },
	{ KVM_CAP_IRQCHIP, "KVM_CAP_IRQCHIP" },
	{ KVM_CAP_SET_TSS_ADDR, "KVM_CAP_SET_TSS_ADDR" },
	{ KVM_CAP_EXT_CPUID, "KVM_CAP_EXT_CPUID" },
};

static int check_capabilities(int kvm, const char *device, char *why,
			      size_t size)
{
	int version = ioctl(kvm, KVM_GET_API_VERSION, 0);
	size_t i;

	if (version != KVM_API_VERSION) {
		snprintf(why, size, "%s opens but speaks API version %d, not %d",
			 device, version, KVM_API_VERSION);
		return -ENOTSUP;
	}
	for (i = 0; i < ARRAY_SIZE(capabilities); i++) {
		if (ioctl(kvm, KVM_CHECK_EXTENSION, capabilities[i].number) > 0)
			continue;
		snprintf(why, size, "%s opens but lacks %s", device,
			 capabilities[i].name);
		return -ENOTSUP;
	}
	return 0;
}

/* A VM with one page of code, entered in real mode at its beginning. */
static int make_vcpu(int kvm)
{
	struct kvm_userspace_memory_region region = {
		.guest_phys_addr = GUEST_ADDRESS,
		.memory_size = 4096,
	};
	struct kvm_regs regs = { .rip = GUEST_ADDRESS, .rflags = 2 };
	struct kvm_sregs sregs;
	int vm, vcpu;
	void *page;

	page = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
		    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (page == MAP_FAILED)
		return -1;
	memcpy(page, guest_code, sizeof(guest_code));
	region.userspace_addr = (unsigned long)page;
	vm = ioctl(kvm, KVM_CREATE_VM, 0);
	if (vm < 0 || ioctl(vm, KVM_SET_USER_MEMORY_REGION, &region))
		return -1;
	vcpu = ioctl(vm, KVM_CREATE_VCPU, 0);
	if (vcpu < 0 || ioctl(vcpu, KVM_GET_SREGS, &sregs))
		return -1;
	sregs.cs.base = 0;
	sregs.cs.selector = 0;
	if (ioctl(vcpu, KVM_SET_SREGS, &sregs) ||
	    ioctl(vcpu, KVM_SET_REGS, &regs))
		return -1;
	return vcpu;
}

/* In a child: its exit status is 0 only if the guest did both of its steps. */
static int run_guest(int kvm)
{
	int vcpu = make_vcpu(kvm);
	struct kvm_run *run;
	int size = ioctl(kvm, KVM_GET_VCPU_MMAP_SIZE, 0);

	if (vcpu < 0 || size <= 0)
		return 1;
	run = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, vcpu, 0);
	if (run == MAP_FAILED)
		return 1;
	if (ioctl(vcpu, KVM_RUN, 0) || run->exit_reason != KVM_EXIT_IO ||
	    run->io.port != GUEST_PORT ||
	    *((unsigned char *)run + run->io.data_offset) != GUEST_VALUE)
		return 2;
	if (ioctl(vcpu, KVM_RUN, 0) || run->exit_reason != KVM_EXIT_HLT)
		return 3;
	return 0;
}

static int try_guest(int kvm, const char *device, char *why, size_t size)
{
	pid_t parent = getpid(), pid = fork();
	int status = 0;

	if (pid == 0) {
		child_die_with_parent(parent);
		_exit(run_guest(kvm));
	}
	if (pid < 0) {
		snprintf(why, size, "no process could be made to try it");
		return -EAGAIN;
	}
	if (child_wait(pid, GUEST_MS, &status)) {
		snprintf(why, size, "%s opens but a guest of %zu bytes hangs",
			 device, sizeof(guest_code));
		return -ETIMEDOUT;
	}
	if (!WIFEXITED(status) || WEXITSTATUS(status)) {
		snprintf(why, size, "%s opens but a guest of %zu bytes fails",
			 device, sizeof(guest_code));
		return -EIO;
	}
	return 0;
}

int kvm_probe_device(const char *device, char *why, size_t size)
{
	int kvm = open(device, O_RDWR | O_CLOEXEC), err;

	if (kvm < 0) {
		err = -errno;
		if (err == -ENOENT)
			snprintf(why, size, "%s does not exist", device);
		else
			snprintf(why, size, "%s: %s%s", device, strerror(-err),
				 err == -EACCES ? " (is this user in group kvm?)" :
				 "");
		return err;
	}
	err = check_capabilities(kvm, device, why, size);
	if (!err)
		err = try_guest(kvm, device, why, size);
	close(kvm);
	return err;
}

int kvm_probe(char *why, size_t size)
{
	return kvm_probe_device(KVM_DEVICE, why, size);
}
