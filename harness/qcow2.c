// SPDX-License-Identifier: GPL-2.0
/* An empty disk for QEMU to keep snapshots in: see qcow2.h. */
#include <assert.h>
#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include "qcow2.h"

#define CLUSTER_BITS	16
#define CLUSTER		65536ULL
#define DISK_BYTES	1048576

enum { HEADER, COUNT_TABLE, COUNT_BLOCK, L1_TABLE, NR_CLUSTERS };

/* Version 2, all numbers big-endian; see QEMU's docs/interop/qcow2.txt. */
struct header {
	uint32_t magic, version;
	uint64_t backing_file;
	uint32_t backing_file_size, cluster_bits;
	uint64_t size;
	uint32_t crypt_method, l1_size;
	uint64_t l1_table, count_table;
	uint32_t count_table_clusters, nb_snapshots;
	uint64_t snapshots;
};

static_assert(sizeof(struct header) == 72, "as the format has it");

static int put(int fd, const void *bytes, size_t n, int cluster)
{
	return pwrite(fd, bytes, n, cluster * CLUSTER) == (ssize_t)n ? 0 : -1;
}

static int fill(int fd)
{
	const struct header header = {
		.magic = htobe32(0x514649fb), .version = htobe32(2),
		.cluster_bits = htobe32(CLUSTER_BITS), .size = htobe64(DISK_BYTES),
		.l1_size = htobe32(1), .l1_table = htobe64(L1_TABLE * CLUSTER),
		.count_table = htobe64(COUNT_TABLE * CLUSTER),
		.count_table_clusters = htobe32(1),
	};
	const uint64_t block = htobe64(COUNT_BLOCK * CLUSTER);
	uint16_t counts[NR_CLUSTERS];
	int i;

	for (i = 0; i < NR_CLUSTERS; i++)
		counts[i] = htobe16(1);
	if (ftruncate(fd, NR_CLUSTERS * CLUSTER))
		return -1;
	if (put(fd, &header, sizeof(header), HEADER) ||
	    put(fd, &block, sizeof(block), COUNT_TABLE))
		return -1;
	return put(fd, counts, sizeof(counts), COUNT_BLOCK);
}

int qcow2_create(const char *path, struct errbuf *err)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	int ret = fd < 0 ? -1 : fill(fd);

	if (ret)
		errbuf_set(err, "%s: %s", path, strerror(errno));
	if (fd >= 0)
		close(fd);
	return ret;
}
