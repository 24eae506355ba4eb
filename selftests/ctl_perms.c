// SPDX-License-Identifier: GPL-2.0
/*
 * Who may use the interface: root, and nobody else, whatever the directory
 * that debugfs is mounted on lets through.
 */
#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>

#include "lastref_fixture.h"

#define NOBODY	65534

static const struct {
	const char *path;
	mode_t mode;
} files[] = {
	{ "", S_IFDIR | 0700 },
	{ "README", S_IFREG | 0400 },
	{ "features", S_IFREG | 0400 },
	{ "patterns", S_IFREG | 0400 },
	{ "flavors", S_IFREG | 0400 },
	{ "busted", S_IFREG | 0400 },
	{ "control", S_IFREG | 0600 },
	{ "error_log", S_IFREG | 0600 },
	{ "r", S_IFDIR | 0700 },
	{ "r/status", S_IFREG | 0400 },
	{ "r/result", S_IFREG | 0400 },
	{ "r/stats", S_IFREG | 0400 },
	{ "r/histograms", S_IFREG | 0400 },
	{ "r/failures", S_IFREG | 0400 },
};

static int open_path(const char *path)
{
	char whole[128];

	snprintf(whole, sizeof(whole), LR_DIR "/%s", path);
	return open(whole, O_PATH | O_CLOEXEC);
}

TEST_F(module, modes)
{
	struct stat st;
	size_t i;
	int fd;

	ASSERT_EQ(0, lr_do("start run=r pattern=listing_b " LR_QUIET));
	for (i = 0; i < ARRAY_SIZE(files); i++) {
		fd = open_path(files[i].path);
		ASSERT_LE(0, fd);
		EXPECT_EQ(0, fstat(fd, &st));
		EXPECT_EQ(files[i].mode, st.st_mode) {
			TH_LOG("%s", files[i].path);
		}
		EXPECT_EQ(0, st.st_uid);
		EXPECT_EQ(0, st.st_gid);
		close(fd);
	}
}

static size_t count_entries(const char *path)
{
	DIR *dir = opendir(path);
	size_t n = 0;

	while (dir && readdir(dir))
		n++;
	if (dir)
		closedir(dir);
	return n;
}

TEST_F(module, no_other_files)
{
	ASSERT_EQ(0, lr_do("start run=r pattern=listing_b " LR_QUIET));
	EXPECT_EQ(2 + 7 + 1, count_entries(LR_DIR));
	EXPECT_EQ(2 + 5, count_entries(LR_DIR "/r"));
}

/* The file itself is asked, past the modes of all directories above it. */
static int open_as_nobody(int fd, int flags)
{
	char self[32];
	int err;

	snprintf(self, sizeof(self), "/proc/self/fd/%d", fd);
	err = open(self, flags | O_CLOEXEC);
	if (err < 0)
		return -errno;
	close(err);
	return 0;
}

TEST_F(module, nobody_opens_anything)
{
	int fds[ARRAY_SIZE(files)];
	size_t i;

	ASSERT_EQ(0, lr_do("start run=r pattern=listing_b " LR_QUIET));
	for (i = 0; i < ARRAY_SIZE(files); i++) {
		fds[i] = open_path(files[i].path);
		ASSERT_LE(0, fds[i]);
	}
	ASSERT_EQ(0, seteuid(NOBODY));
	for (i = 0; i < ARRAY_SIZE(files); i++) {
		EXPECT_EQ(-EACCES, open_as_nobody(fds[i], O_RDONLY)) {
			TH_LOG("nobody may read %s", files[i].path);
		}
		if (S_ISREG(files[i].mode)) {
			EXPECT_EQ(-EACCES, open_as_nobody(fds[i], O_WRONLY)) {
				TH_LOG("nobody may write %s", files[i].path);
			}
		} else {
			EXPECT_NE(0, faccessat(fds[i], "status", F_OK, AT_EACCESS)) {
				TH_LOG("nobody may look into %s", files[i].path);
			}
		}
	}
	ASSERT_EQ(0, seteuid(0));
	for (i = 0; i < ARRAY_SIZE(files); i++)
		close(fds[i]);
}

int main(int argc, char **argv)
{
	return lastref_main(argc, argv);
}
