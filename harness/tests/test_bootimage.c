// SPDX-License-Identifier: GPL-2.0
/*
 * bzImages made by hand: each compression, each kind of damage.
 *
 * The kernel inside is an ELF file with one loadable segment and one note, which is
 * all that QEMU and bootimage.c look at.
 */
#include <archive.h>
#include <archive_entry.h>
#include <elf.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "bootimage.h"
#include "fake.h"
#include "kt.h"

#define KERNEL_SIZE	300000
#define SETUP_SECTS	2
#define PAYLOAD_OFFSET	0x100
#define PAYLOAD_AT	((SETUP_SECTS + 1) * 512 + PAYLOAD_OFFSET)

static unsigned char kernel[KERNEL_SIZE], image[2 * KERNEL_SIZE];
static size_t image_size;

static const char *path_of(const char *name)
{
	static char paths[4][PATH_MAX];
	static int i;

	i = (i + 1) % 4;
	snprintf(paths[i], PATH_MAX, "%s/%s", fake_dir(), name);
	return paths[i];
}

static void make_kernel(unsigned int note_type)
{
	Elf64_Ehdr *eh = (Elf64_Ehdr *)kernel;
	Elf64_Phdr *ph = (Elf64_Phdr *)(kernel + sizeof(*eh));
	Elf64_Nhdr *note = (Elf64_Nhdr *)(kernel + 4096);
	size_t i;

	for (i = 0; i < sizeof(kernel); i++)
		kernel[i] = random() % 16;
	memset(kernel, 0, 8192);
	memcpy(eh->e_ident, ELFMAG, SELFMAG);
	eh->e_ident[EI_CLASS] = ELFCLASS64;
	eh->e_ident[EI_DATA] = ELFDATA2LSB;
	eh->e_ident[EI_VERSION] = EV_CURRENT;
	eh->e_type = ET_EXEC;
	eh->e_machine = EM_X86_64;
	eh->e_version = EV_CURRENT;
	eh->e_phoff = sizeof(*eh);
	eh->e_ehsize = sizeof(*eh);
	eh->e_phentsize = sizeof(*ph);
	eh->e_phnum = 2;
	ph[0] = (Elf64_Phdr){ .p_type = PT_LOAD, .p_offset = 8192,
			      .p_filesz = KERNEL_SIZE - 8192 - 4096,
			      .p_memsz = KERNEL_SIZE };
	ph[1] = (Elf64_Phdr){ .p_type = PT_NOTE, .p_offset = 4096,
			      .p_filesz = 24, .p_align = 4 };
	*note = (Elf64_Nhdr){ .n_namesz = 4, .n_descsz = 8, .n_type = note_type };
	memcpy(note + 1, "Xen", 4);
}

static void put32(size_t at, unsigned int value)
{
	memcpy(image + at, &value, 4);
}

/* A bzImage around the kernel: compressed by that filter of libarchive. */
static void make_image(const char *filter)
{
	struct archive *a = archive_write_new();
	struct archive_entry *e = archive_entry_new();
	size_t used = 0;

	memset(image, 0, sizeof(image));
	archive_write_set_format_raw(a);
	if (filter)
		kt_check(archive_write_add_filter_by_name(a, filter) == ARCHIVE_OK,
			 "%s: %s", filter, archive_error_string(a));
	archive_write_set_bytes_per_block(a, 0);
	archive_write_open_memory(a, image + PAYLOAD_AT,
				  sizeof(image) - PAYLOAD_AT - 4, &used);
	archive_entry_set_pathname(e, "kernel");
	archive_entry_set_filetype(e, AE_IFREG);
	archive_write_header(a, e);
	archive_write_data(a, kernel, sizeof(kernel));
	archive_entry_free(e);
	archive_write_free(a);
	if (!filter || strcmp(filter, "gzip")) {
		put32(PAYLOAD_AT + used, KERNEL_SIZE);
		used += 4;
	}
	image[0x1f1] = SETUP_SECTS;
	memcpy(image + 0x202, "HdrS", 4);
	image[0x206] = 0x0f;
	image[0x207] = 0x02;
	put32(0x248, PAYLOAD_OFFSET);
	put32(0x24c, used);
	image_size = PAYLOAD_AT + used;
}

static void save(const char *name, const void *bytes, size_t n)
{
	FILE *f = fopen(path_of(name), "w");

	fwrite(bytes, 1, n, f);
	fclose(f);
}

static int files_in_cache(void)
{
	char command[PATH_MAX + 32];
	int n = -1;
	FILE *f;

	snprintf(command, sizeof(command), "ls %s | wc -l", path_of("cache"));
	f = popen(command, "r");
	if (f && fscanf(f, "%d", &n) != 1)
		n = -1;
	if (f)
		pclose(f);
	return n;
}

static int boot_path(char *path, struct errbuf *why)
{
	why->text[0] = '\0';
	save("bzImage", image, image_size);
	return boot_kernel_path(path_of("bzImage"), path_of("cache"), path,
				PATH_MAX, why);
}

static void unpacks(const char *filter)
{
	static unsigned char back[KERNEL_SIZE + 1];
	char path[PATH_MAX] = "", again[PATH_MAX] = "";
	struct errbuf why;
	size_t n = 0;
	FILE *f;

	make_image(filter);
	kt_check(boot_path(path, &why) == 0, "%s: %s", filter, why.text);
	f = fopen(path, "r");
	if (f) {
		n = fread(back, 1, sizeof(back), f);
		fclose(f);
	}
	kt_check(n == KERNEL_SIZE && !memcmp(back, kernel, n), "%s: %zu bytes",
		 filter, n);
	kt_check(boot_path(again, &why) == 0 && !strcmp(path, again), "again: %s",
		 again);
}

static void compressions(void)
{
	static const char *const filters[] = {
		"gzip", "xz", "lzma", "bzip2", "zstd", "lz4",
	};
	size_t i;

	make_kernel(18);
	for (i = 0; i < ARRAY_SIZE(filters); i++)
		unpacks(filters[i]);
	kt_check(files_in_cache() == ARRAY_SIZE(filters), "%d files in the cache",
		 files_in_cache());
}

/* A cached file that was cut short is not believed, but made again. */
static void damaged_cache(void)
{
	char path[PATH_MAX] = "";
	struct errbuf why;
	struct stat st;

	make_kernel(18);
	make_image("zstd");
	kt_check(boot_path(path, &why) == 0, "%s", why.text);
	if (truncate(path, KERNEL_SIZE / 2))
		return;
	kt_check(boot_path(path, &why) == 0, "%s", why.text);
	kt_check(!stat(path, &st) && st.st_size == KERNEL_SIZE, "%ld bytes",
		 (long)st.st_size);
}

static void falls_back(const char *what, const char *word)
{
	char path[PATH_MAX] = "";
	int before = files_in_cache();
	struct errbuf why;

	kt_check(boot_path(path, &why) == 1, "%s: accepted", what);
	kt_check(!strcmp(path, path_of("bzImage")), "%s: %s", what, path);
	kt_check(strstr(why.text, word), "%s: %s", what, why.text);
	kt_check(files_in_cache() == before, "%s: something is left", what);
}

static void no_unpacking(void)
{
	make_kernel(17);
	make_image("xz");
	falls_back("another note", "CONFIG_PVH");
	make_kernel(18);
	make_image("xz");
	put32(PAYLOAD_AT, 0x12345678);
	falls_back("an unknown compression", "not known here");
	make_image("xz");
	put32(image_size - 4, KERNEL_SIZE + 1);
	falls_back("a payload that is too short", "damaged");
	make_image("xz");
	memset(image + PAYLOAD_AT + 20000, 0, 2000);
	falls_back("a damaged payload", "damaged");
	make_image("gzip");
	kernel[0] = 'x';
	make_image("gzip");
	falls_back("no ELF inside", "PVH");
}

static void refuses(const char *what, int error, const char *word)
{
	char path[PATH_MAX] = "";
	struct errbuf why;
	int ret = boot_path(path, &why);

	kt_check(ret == error, "%s: %d", what, ret);
	kt_check(strstr(why.text, word), "%s: %s", what, why.text);
}

static void no_kernel(void)
{
	char path[PATH_MAX] = "";
	struct errbuf why;

	make_kernel(18);
	make_image("xz");
	image_size /= 2;
	refuses("cut in half", -EINVAL, "cut short");
	image_size = 0x210;
	refuses("cut in its header", -ENOEXEC, "neither");
	image_size = 0;
	refuses("empty", -ENOEXEC, "neither");
	make_image("xz");
	memcpy(image + 0x202, "XXXX", 4);
	refuses("another magic", -ENOEXEC, "neither");
	make_image("xz");
	put32(0x248, 0xffffffff);
	refuses("a payload beyond the end", -EINVAL, "cut short");
	make_image("xz");
	put32(image_size - 4, 0xffffffff);
	refuses("4 GB unpacked", -EINVAL, "cut short");
	kt_check(boot_kernel_path("/nonexistent", path_of("cache"), path,
				  sizeof(path), &why) == -ENOENT, "no file");
	kt_check(boot_kernel_path(fake_dir(), path_of("cache"), path,
				  sizeof(path), &why) == -EINVAL, "a directory");
}

static void used_as_it_is(void)
{
	char path[PATH_MAX] = "";
	struct errbuf why;

	make_kernel(18);
	save("vmlinux", kernel, sizeof(kernel));
	kt_check(!boot_kernel_path(path_of("vmlinux"), path_of("cache"), path,
				   sizeof(path), &why), "%s", why.text);
	kt_check(!strcmp(path, path_of("vmlinux")), "%s", path);
	save("vmlinux", kernel, sizeof(kernel) / 2);
	kt_check(boot_kernel_path(path_of("vmlinux"), path_of("cache"), path,
				  sizeof(path), &why) == -ENOEXEC, "half a vmlinux");
	make_kernel(17);
	save("vmlinux", kernel, sizeof(kernel));
	kt_check(boot_kernel_path(path_of("vmlinux"), path_of("cache"), path,
				  sizeof(path), &why) == -ENOEXEC, "no PVH entry");
}

static void no_cache(void)
{
	char path[PATH_MAX] = "";
	struct errbuf why = { "" };

	make_kernel(18);
	make_image("xz");
	save("bzImage", image, image_size);
	kt_check(boot_kernel_path(path_of("bzImage"), "/nonexistent", path,
				  sizeof(path), &why) == 1, "%s", path);
	kt_check(strstr(why.text, "No such file"), "%s", why.text);
}

/* Whatever byte of the header is wrong: an answer, and nothing read beyond the end. */
static void fuzzed_header(void)
{
	char path[PATH_MAX];
	struct errbuf why;
	unsigned int i;

	make_kernel(18);
	srandom(1);
	for (i = 0; i < 300; i++) {
		make_image("lz4");
		image[0x1f1 + random() % 0x60] = random();
		image[0x248 + random() % 8] = random();
		image_size = random() % 2 ? image_size : random() % image_size;
		kt_check(boot_path(path, &why) <= 1, "%s", path);
	}
}

static const struct kt_case cases[] = {
	{ "each compression is unpacked, once", compressions },
	{ "a damaged file in the cache is made again", damaged_cache },
	{ "a bzImage that cannot be unpacked is booted itself", no_unpacking },
	{ "what is no kernel is refused", no_kernel },
	{ "a vmlinux is used as it is", used_as_it_is },
	{ "no cache directory", no_cache },
	{ "300 damaged headers", fuzzed_header },
};

int main(void)
{
	mkdir(path_of("cache"), 0700);
	return kt_run(cases, ARRAY_SIZE(cases));
}
