// SPDX-License-Identifier: GPL-2.0
/*
 * Names for addresses: modules loaded, moved and gone, a kernel with KASLR,
 * and files that are no modules. The modules are made here, with libelf.
 */
#include <errno.h>
#include <fcntl.h>
#include <gelf.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "errbuf.h"
#include "kt.h"
#include "splat.h"
#include "symbols.h"

#define KERNEL	0xffffffff81000000ULL

/* ---- an ELF file with two sections and a few symbols ---- */

static const char strings[] = "\0.text\0.data\0.symtab\0.strtab\0cb\0demo_exit\0counter\0"
			      "__pfx_cb\0.L5\0alias\0";
static char dir[64];

/* Where a word begins in strings[]. */
static size_t word(const char *text)
{
	size_t i;

	for (i = 0; i < sizeof(strings); i++)
		if (!strcmp(strings + i, text))
			return i;
	abort();
}

static void add_section(Elf *elf, const char *name, size_t type, size_t flags,
			uint64_t address, const void *bytes, size_t size)
{
	Elf_Scn *scn = elf_newscn(elf);
	Elf_Data *data = elf_newdata(scn);
	GElf_Shdr header;

	data->d_buf = (void *)bytes;
	data->d_size = size;
	data->d_type = type == SHT_SYMTAB ? ELF_T_SYM : ELF_T_BYTE;
	data->d_align = 8;
	gelf_getshdr(scn, &header);
	header.sh_name = word(name);
	header.sh_type = type;
	header.sh_flags = flags;
	header.sh_addr = address;
	header.sh_link = type == SHT_SYMTAB ? 4 : 0;
	header.sh_entsize = type == SHT_SYMTAB ? sizeof(Elf64_Sym) : 0;
	gelf_update_shdr(scn, &header);
}

static Elf64_Sym symbol(const char *name, int type, int section, uint64_t value,
			uint64_t size)
{
	return (Elf64_Sym){
		.st_name = word(name), .st_info = GELF_ST_INFO(STB_LOCAL, type),
		.st_shndx = section, .st_value = value, .st_size = size,
	};
}

/* .text of 0x100 bytes with cb at 0x20 and demo_exit at 0x60; .data with counter. */
static const char *make_elf(const char *name, int type, uint64_t base, bool symbols)
{
	static char path[128], bytes[0x100];
	Elf64_Sym table[] = {
		{ 0 },
		symbol("counter", STT_OBJECT, 2, base ? base + 0x1000 : 0, 8),
		symbol("demo_exit", STT_FUNC, 1, base + 0x60, 0x50),
		symbol("cb", STT_FUNC, 1, base + 0x20, 0x24),
		symbol("alias", STT_NOTYPE, 1, base + 0x20, 0),
		symbol("__pfx_cb", STT_FUNC, 1, base + 0x10, 0x10),
		symbol(".L5", STT_NOTYPE, 1, base + 0x28, 0),
	};
	GElf_Ehdr header;
	Elf *elf;
	int fd;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	fd = open(path, O_RDWR | O_CREAT | O_TRUNC, 0600);
	elf_version(EV_CURRENT);
	elf = elf_begin(fd, ELF_C_WRITE, NULL);
	gelf_newehdr(elf, ELFCLASS64);
	gelf_getehdr(elf, &header);
	header.e_type = type;
	header.e_machine = EM_X86_64;
	header.e_shstrndx = 4;
	gelf_update_ehdr(elf, &header);
	add_section(elf, ".text", SHT_PROGBITS, SHF_ALLOC | SHF_EXECINSTR, base, bytes, 0x100);
	add_section(elf, ".data", SHT_PROGBITS, SHF_ALLOC | SHF_WRITE,
		    base ? base + 0x1000 : 0, bytes, 0x40);
	add_section(elf, ".symtab", SHT_SYMTAB, 0, 0, table,
		    symbols ? sizeof(table) : sizeof(table[0]));
	add_section(elf, ".strtab", SHT_STRTAB, 0, 0, strings, sizeof(strings));
	elf_update(elf, ELF_C_WRITE);
	elf_end(elf);
	close(fd);
	return path;
}

static struct symbols *new_demo(void)
{
	struct symbols *s = symbols_new();
	struct errbuf err = { "" };

	kt_check(!symbols_add_module(s, "unload_demo",
				     make_elf("demo.ko", ET_REL, 0, true), &err),
		 "demo.ko: %s", err.text);
	return s;
}

static void check_name(struct symbols *s, uint64_t address, const char *expected)
{
	char name[128] = "";
	bool known = symbols_name(s, address, name, sizeof(name));

	kt_check(known == !!expected, "%#llx: %s", (unsigned long long)address,
		 known ? name : "not known");
	if (expected)
		kt_check(!strcmp(name, expected), "%#llx is %s, expected %s",
			 (unsigned long long)address, name, expected);
}

/* ---- cases ---- */

static void loaded(void)
{
	struct symbols *s = new_demo();

	check_name(s, 0xffffffffc0201030, NULL);
	symbols_learn(s, "module unload_demo 0xffffffffc0201000 .data=0xffffffffc0203000\n");
	check_name(s, 0xffffffffc0201020, "unload_demo!cb+0x0/0x24");
	check_name(s, 0xffffffffc0201030, "unload_demo!cb+0x10/0x24");
	check_name(s, 0xffffffffc0201060, "unload_demo!demo_exit+0x0/0x50");
	check_name(s, 0xffffffffc0201008, "unload_demo!.text+0x8/0x100");
	check_name(s, 0xffffffffc0203004, "unload_demo!counter+0x4/0x8");
	check_name(s, 0xffffffffc0201100, NULL);
	check_name(s, 0xffffffffc0200fff, NULL);
	check_name(s, 0, NULL);
	symbols_free(s);
}

static void unloaded(void)
{
	struct symbols *s = new_demo();

	symbols_learn(s, "module unload_demo 0xffffffffc0201000 .data=0xffffffffc0203000");
	symbols_module_gone(s, "another");
	check_name(s, 0xffffffffc0201030, "unload_demo!cb+0x10/0x24");
	symbols_module_gone(s, "unload_demo");
	check_name(s, 0xffffffffc0201030, "unload_demo!cb+0x10/0x24 (text gone)");
	check_name(s, 0xffffffffc0203000, "unload_demo!counter+0x0/0x8 (data gone)");
	symbols_free(s);
}

/* Loaded anew: the place it left keeps its name, unless it is used again. */
static void moved(void)
{
	struct symbols *s = new_demo();
	struct errbuf err = { "" };

	symbols_learn(s, "module unload_demo 0xffffffffc0201000");
	symbols_module_gone(s, "unload_demo");
	symbols_learn(s, "module unload_demo 0xffffffffc0301000");
	check_name(s, 0xffffffffc0301030, "unload_demo!cb+0x10/0x24");
	check_name(s, 0xffffffffc0201030, "unload_demo!cb+0x10/0x24 (text gone)");
	kt_check(!symbols_add_module(s, "other", make_elf("o.ko", ET_REL, 0, true), &err),
		 "%s", err.text);
	symbols_learn(s, "module other 0xffffffffc0201000");
	check_name(s, 0xffffffffc0201030, "other!cb+0x10/0x24");
	symbols_free(s);
}

/* Cycles beyond what is kept: the latest place counts, the rest is forgotten. */
static void many_cycles(void)
{
	struct symbols *s = new_demo();
	char line[64];
	int i;

	for (i = 0; i < 1000; i++) {
		snprintf(line, sizeof(line), "module unload_demo 0xffffffffc0%06x", i << 12);
		symbols_learn(s, line);
		symbols_module_gone(s, "unload_demo");
	}
	check_name(s, 0xffffffffc03e7020, "unload_demo!cb+0x0/0x24 (text gone)");
	check_name(s, 0xffffffffc0001020, NULL);
	symbols_learn(s, "module unload_demo 0xffffffffc0500000");
	check_name(s, 0xffffffffc0500020, "unload_demo!cb+0x0/0x24");
	symbols_free(s);
}

static void kernel(void)
{
	struct symbols *s = new_demo();
	struct errbuf err = { "" };

	kt_check(!symbols_add_vmlinux(s, make_elf("vmlinux", ET_EXEC, KERNEL, true), &err),
		 "%s", err.text);
	check_name(s, KERNEL + 0x30, "vmlinux!cb+0x10/0x24");
	check_name(s, KERNEL, "vmlinux!.text+0x0/0x100");
	check_name(s, KERNEL + 0xff, "vmlinux!demo_exit+0x9f/0x50");
	check_name(s, KERNEL + 0x100, NULL);
	check_name(s, KERNEL - 1, NULL);
	symbols_learn(s, "Kernel Offset: 0x1c000000 from 0xffffffff81000000 (relocation range: 0xffffffff80000000-0xffffffffbfffffff)");
	check_name(s, KERNEL + 0x1c000030, "vmlinux!cb+0x10/0x24");
	check_name(s, KERNEL + 0x30, NULL);
	symbols_free(s);
}

static void lines_that_teach_nothing(void)
{
	struct symbols *s = new_demo();

	symbols_learn(s, "");
	symbols_learn(s, "module");
	symbols_learn(s, "module ");
	symbols_learn(s, "module unload_demo");
	symbols_learn(s, "module unload_demo -");
	symbols_learn(s, "module nobody 0xffffffffc0201000");
	symbols_learn(s, "module unload_demo zzz .data=zzz =5 x= ..");
	symbols_learn(s, "Kernel Offset: disabled");
	symbols_learn(s, "see module unload_demo 0xffffffffc0201000");
	check_name(s, 0xffffffffc0201030, NULL);
	symbols_free(s);
}

#define CB	"<unload_demo!cb+0x0/0x24 (text gone)>"
#define LEAVE	"<unload_demo!demo_exit+0x0/0x50 (text gone)>"

static void texts(void)
{
	static const struct {
		const char *text, *decoded;
	} cases[] = {
		{ "RIP: 0010:0xffffffffc0201030\n",
		  "RIP: 0010:0xffffffffc0201030 <unload_demo!cb+0x10/0x24 (text gone)>\n" },
		{ " ? 0xffffffffc0201060\n  rcu_do_batch+0x1/0x2\n",
		  " ? 0xffffffffc0201060 " LEAVE "\n  rcu_do_batch+0x1/0x2\n" },
		{ "RSP: 0018:ffffc900003eb950 RDI: ffffffffc0201020",
		  "RSP: 0018:ffffc900003eb950 RDI: ffffffffc0201020 " CB },
		{ "[<ffffffffc0201020>]", "[<ffffffffc0201020 " CB ">]" },
		{ "ffffffffc02010200", "ffffffffc02010200" },
		{ "xffffffffc0201020", "xffffffffc0201020" },
		{ "0ffffffffc0201020", "0ffffffffc0201020" },
		{ "ffffffffc020102", "ffffffffc020102" },
		{ "dead000000000122", "dead000000000122" },
		{ "", "" },
		{ "ffffffffc0201020", "ffffffffc0201020 " CB },
		{ "0xffffffffc0201020", "0xffffffffc0201020 " CB },
	};
	struct symbols *s = new_demo();
	size_t i;

	symbols_learn(s, "module unload_demo 0xffffffffc0201000");
	symbols_module_gone(s, "unload_demo");
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		char *decoded = symbols_decode(s, cases[i].text);

		kt_check(!strcmp(decoded, cases[i].decoded), "%s became %s, expected %s",
			 cases[i].text, decoded, cases[i].decoded);
		free(decoded);
	}
	symbols_free(s);
}

static void no_elf(void)
{
	static const char *const junk[] = { "", "x", "\177ELF", "\177ELF\2\1\1\0........" };
	struct symbols *s = symbols_new();
	struct errbuf err;
	char path[128];
	size_t i;

	kt_check(symbols_add_module(s, "x", "/nonexistent/x.ko", &err) == -ENOENT &&
		 strstr(err.text, "No such file"), "no file: %s", err.text);
	for (i = 0; i < ARRAY_SIZE(junk); i++) {
		FILE *f;

		snprintf(path, sizeof(path), "%s/junk", dir);
		f = fopen(path, "w");
		fputs(junk[i], f);
		fclose(f);
		kt_check(symbols_add_module(s, "x", path, &err) && strstr(err.text, "junk"),
			 "junk %zu: %s", i, err.text);
	}
	kt_check(symbols_add_module(s, "x", make_elf("s.ko", ET_REL, 0, false), &err) &&
		 strstr(err.text, "stripped"), "no symbols: %s", err.text);
	symbols_learn(s, "module x 0xffffffffc0201000");
	check_name(s, 0xffffffffc0201030, NULL);
	symbols_free(s);
}

/* A module with any byte changed: an error or odd names, never a crash. */
static void damaged_elf(void)
{
	const char *good = make_elf("d.ko", ET_REL, 0, true);
	unsigned char bytes[8192];
	unsigned int seed = 3;
	size_t len, round;
	char path[128];
	FILE *f = fopen(good, "r");

	len = fread(bytes, 1, sizeof(bytes), f);
	fclose(f);
	snprintf(path, sizeof(path), "%s/damaged.ko", dir);
	for (round = 0; round < 400; round++) {
		struct symbols *s = symbols_new();
		struct errbuf err = { "" };
		size_t at = rand_r(&seed) % len;
		unsigned char old = bytes[at];
		char name[128];
		int ret;

		bytes[at] = rand_r(&seed);
		f = fopen(path, "w");
		fwrite(bytes, 1, round % 4 ? len : at, f);
		fclose(f);
		bytes[at] = old;
		ret = symbols_add_module(s, "d", path, &err);
		kt_check(!ret || *err.text, "round %zu: an error without a word", round);
		symbols_learn(s, "module d 0xffffffffc0201000 .data=0xffffffffc0203000");
		symbols_name(s, 0xffffffffc0201030, name, sizeof(name));
		symbols_free(s);
	}
}

static void clean_up(void)
{
	static const char *const names[] = {
		"demo.ko", "o.ko", "vmlinux", "s.ko", "junk", "d.ko", "damaged.ko",
	};
	char path[128];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(names); i++) {
		snprintf(path, sizeof(path), "%s/%s", dir, names[i]);
		unlink(path);
	}
	kt_check(!rmdir(dir), "%s is left", dir);
}

static const struct kt_case cases[] = {
	{ "loaded", loaded },
	{ "gone", unloaded },
	{ "moved", moved },
	{ "many_cycles", many_cycles },
	{ "kernel_with_offset", kernel },
	{ "lines_that_teach_nothing", lines_that_teach_nothing },
	{ "texts", texts },
	{ "no_elf", no_elf },
	{ "damaged_elf", damaged_elf },
	{ "cleaned_up", clean_up },
};

int main(void)
{
	snprintf(dir, sizeof(dir), "%s/lastref-symbols-XXXXXX", P_tmpdir);
	if (!mkdtemp(dir)) {
		printf("Bail out! no directory for modules: %s\n", dir);
		return 1;
	}
	return kt_run(cases, ARRAY_SIZE(cases));
}
