// SPDX-License-Identifier: GPL-2.0
/* Files as bytes in memory, and their hash: see content.h. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "content.h"

#define FNV_PRIME	0x100000001b3ULL

unsigned long long content_hash(unsigned long long seed, const void *bytes,
				size_t n)
{
	const unsigned char *p = bytes;
	unsigned long long word;

	for (; n >= sizeof(word); n -= sizeof(word), p += sizeof(word)) {
		memcpy(&word, p, sizeof(word));
		seed = (seed ^ word) * FNV_PRIME;
		seed ^= seed >> 32;	/* the high bits must matter, too */
	}
	while (n--)
		seed = (seed ^ *p++) * FNV_PRIME;
	return seed;
}

int content_map(const char *path, struct content *c)
{
	struct stat st;
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	int err = 0;

	c->bytes = NULL;
	c->size = 0;
	if (fd < 0)
		return -errno;
	if (fstat(fd, &st)) {
		err = -errno;
	} else if (!S_ISREG(st.st_mode)) {
		err = -EINVAL;
	} else if (st.st_size) {
		c->bytes = mmap(NULL, st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
		if (c->bytes == MAP_FAILED)
			err = -errno;
		else
			c->size = st.st_size;
	}
	close(fd);
	if (err)
		c->bytes = NULL;
	return err;
}

void content_unmap(struct content *c)
{
	if (c->size)
		munmap(c->bytes, c->size);
	c->bytes = NULL;
	c->size = 0;
}
