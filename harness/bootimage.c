// SPDX-License-Identifier: GPL-2.0
/*
 * The payload of a bzImage, found by its setup header and unpacked once.
 *
 *   0x1f1  setup_sects        the protected-mode part begins behind
 *                             (setup_sects + 1) sectors
 *   0x202  "HdrS", version    a payload is described since version 2.08
 *   0x248  payload_offset     from the beginning of the protected-mode part
 *   0x24c  payload_length     its last four bytes are the unpacked size
 *
 * For gzip these four bytes end the stream itself; the kernel's build puts them
 * behind any other, where a decompressor stumbles over them.
 */
#include <archive.h>
#include <archive_entry.h>
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <gelf.h>
#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bootimage.h"
#include "content.h"

#define SECTOR			512
#define OFFSET_SETUP_SECTS	0x1f1
#define OFFSET_MAGIC		0x202
#define OFFSET_VERSION		0x206
#define OFFSET_PAYLOAD		0x248
#define HEADER_END		0x250
#define VERSION_WITH_PAYLOAD	0x0208
#define BUFFER_SIZE		0x100000
#define UNPACKED_MAX		(512U << 20)

#ifndef XEN_ELFNOTE_PHYS32_ENTRY
#define XEN_ELFNOTE_PHYS32_ENTRY 18
#endif

struct payload {
	const unsigned char *bytes;
	size_t size;
	size_t unpacked;
};

static unsigned int le32(const unsigned char *p)
{
	return p[0] | p[1] << 8 | p[2] << 16 | (unsigned int)p[3] << 24;
}

/* 0, or -ENOEXEC: no bzImage; -EINVAL: one whose header cannot be right. */
static int find_payload(const struct content *c, struct payload *out)
{
	const unsigned char *p = c->bytes;
	size_t start, sects;

	if (c->size < HEADER_END || memcmp(p + OFFSET_MAGIC, "HdrS", 4))
		return -ENOEXEC;
	if ((p[OFFSET_VERSION] | p[OFFSET_VERSION + 1] << 8) <
	    VERSION_WITH_PAYLOAD)
		return -ENOEXEC;
	sects = p[OFFSET_SETUP_SECTS] ? p[OFFSET_SETUP_SECTS] : 4;
	start = (sects + 1) * SECTOR + le32(p + OFFSET_PAYLOAD);
	out->size = le32(p + OFFSET_PAYLOAD + 4);
	if (out->size < 8 || start > c->size || out->size > c->size - start)
		return -EINVAL;
	out->bytes = p + start;
	out->unpacked = le32(out->bytes + out->size - 4);
	if (out->bytes[0] != 0x1f || out->bytes[1] != 0x8b)
		out->size -= 4;
	return out->unpacked <= UNPACKED_MAX ? 0 : -EINVAL;
}

/* The notes of one segment: is the PVH entry among them? */
static bool has_pvh_note(Elf_Data *data)
{
	size_t at = 0, name, desc;
	GElf_Nhdr note;

	while ((at = gelf_getnote(data, at, &note, &name, &desc)))
		if (note.n_type == XEN_ELFNOTE_PHYS32_ENTRY &&
		    note.n_namesz == 4 &&
		    !memcmp((char *)data->d_buf + name, "Xen", 4))
			return true;
	return false;
}

static bool segments_good(Elf *elf, size_t size)
{
	bool pvh = false;
	GElf_Phdr ph;
	size_t n, i;

	if (elf_kind(elf) != ELF_K_ELF || elf_getphdrnum(elf, &n))
		return false;
	for (i = 0; i < n; i++) {
		if (!gelf_getphdr(elf, i, &ph))
			return false;
		if (ph.p_type == PT_LOAD &&
		    (ph.p_offset > size || ph.p_filesz > size - ph.p_offset))
			return false;	/* cut short */
		if (ph.p_type == PT_NOTE) {
			Elf_Data *data = elf_getdata_rawchunk(elf, ph.p_offset,
							      ph.p_filesz,
							      ELF_T_NHDR);

			pvh |= data && has_pvh_note(data);
		}
	}
	return pvh;
}

/* A complete ELF file with a PVH entry, as QEMU's -kernel wants it. */
static bool bootable_elf(const char *path)
{
	struct content c;
	bool good = false;
	Elf *elf;

	elf_version(EV_CURRENT);
	if (content_map(path, &c))
		return false;
	elf = elf_memory((char *)c.bytes, c.size);
	if (elf) {
		good = segments_good(elf, c.size);
		elf_end(elf);
	}
	content_unmap(&c);
	return good;
}

/* 0; -ENOTSUP: a compression nobody here knows; -EILSEQ: damaged. */
static int open_payload(struct archive *a, const struct payload *p)
{
	struct archive_entry *entry;

	archive_read_support_format_raw(a);
	archive_read_support_filter_gzip(a);
	archive_read_support_filter_xz(a);
	archive_read_support_filter_lzma(a);
	archive_read_support_filter_bzip2(a);
	archive_read_support_filter_lz4(a);
	archive_read_support_filter_zstd(a);
	/* This reads ahead already, so it fails on damage near the beginning. */
	if (archive_read_open_memory(a, p->bytes, p->size) != ARCHIVE_OK)
		return -EILSEQ;
	if (archive_filter_code(a, 0) == ARCHIVE_FILTER_NONE)
		return -ENOTSUP;
	return archive_read_next_header(a, &entry) == ARCHIVE_OK ? 0 : -EILSEQ;
}

static int write_all(int fd, const char *buf, size_t n)
{
	while (n) {
		ssize_t done = write(fd, buf, n);

		if (done < 0 && errno == EINTR)
			continue;
		if (done < 0)
			return -errno;
		buf += done;
		n -= done;
	}
	return 0;
}

static int unpack(const struct payload *p, int fd)
{
	struct archive *a = archive_read_new();
	char *buf = malloc(BUFFER_SIZE);
	size_t left = p->unpacked;
	int err = a && buf ? open_payload(a, p) : -ENOMEM;

	while (!err && left) {
		ssize_t n = archive_read_data(a, buf, BUFFER_SIZE);

		if (n <= 0) {
			err = -EILSEQ;
			break;
		}
		if ((size_t)n > left)
			n = left;
		err = write_all(fd, buf, n);
		left -= n;
	}
	if (a)
		archive_read_free(a);
	free(buf);
	return err;
}

/* Nobody sees the file under its own name before it is complete and checked. */
static int unpack_to(const struct payload *p, const char *path)
{
	char temp[PATH_MAX];
	int fd, err;

	if (snprintf(temp, sizeof(temp), "%s.XXXXXX", path) >= (int)sizeof(temp))
		return -ENAMETOOLONG;
	fd = mkostemp(temp, O_CLOEXEC);
	if (fd < 0)
		return -errno;
	err = unpack(p, fd);
	if (!err && fsync(fd))
		err = -errno;
	if (close(fd) && !err)
		err = -errno;
	if (!err && !bootable_elf(temp))
		err = -ENOEXEC;
	if (!err && rename(temp, path))
		err = -errno;
	if (err)
		unlink(temp);
	return err;
}

/* Why the bzImage itself is booted instead. */
static int fall_back(const char *kernel, char *path, size_t size, int err,
		     struct errbuf *why)
{
	const char *what = err == -EILSEQ ? "its payload is damaged" :
			   err == -ENOTSUP ? "its compression is not known here" :
			   err == -ENOEXEC ? "it has no PVH entry (CONFIG_PVH)" :
			   strerror(-err);

	errbuf_set(why, "%s is booted as it is, which takes seconds longer: %s",
		   kernel, what);
	if ((size_t)snprintf(path, size, "%s", kernel) >= size)
		return -ENAMETOOLONG;
	return 1;
}

static int from_bzimage(const char *kernel, const struct content *c,
			const char *cache, char *path, size_t size,
			struct errbuf *why)
{
	struct payload payload;
	int err = find_payload(c, &payload);

	if (err == -ENOEXEC) {
		errbuf_set(why, "%s is neither a bzImage nor a vmlinux with a PVH entry: give the kernel's arch/x86/boot/bzImage",
			   kernel);
		return err;
	}
	if (err) {
		errbuf_set(why, "%s is cut short or damaged: fetch or build it again",
			   kernel);
		return err;
	}
	if ((size_t)snprintf(path, size, "%s/vmlinux-%016llx", cache,
			     content_hash(CONTENT_SEED, c->bytes, c->size)) >= size)
		return -ENAMETOOLONG;
	if (bootable_elf(path))
		return 0;
	err = unpack_to(&payload, path);
	return err ? fall_back(kernel, path, size, err, why) : 0;
}

int boot_kernel_path(const char *kernel, const char *cache, char *path,
		     size_t size, struct errbuf *why)
{
	struct content c;
	int err;

	if (bootable_elf(kernel)) {
		err = (size_t)snprintf(path, size, "%s", kernel) >= size;
		return err ? -ENAMETOOLONG : 0;
	}
	err = content_map(kernel, &c);
	if (err) {
		errbuf_set(why, "%s: %s: is the path right?", kernel,
			   strerror(-err));
		return err;
	}
	err = from_bzimage(kernel, &c, cache, path, size, why);
	content_unmap(&c);
	return err;
}
