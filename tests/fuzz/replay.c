// SPDX-License-Identifier: MIT
/* Runs the files of a corpus directory through a fuzz target: an ordinary test. */
#include <dirent.h>
#include <stdio.h>

#include "base/io.h"
#include "fuzz/fuzz.h"

int main(int argc, char **argv)
{
	DIR *dir = argc == 2 ? opendir(argv[1]) : NULL;
	unsigned int n = 0;
	struct dirent *entry;

	if (!dir) {
		fprintf(stderr, "usage: %s CORPUS-DIRECTORY\n", argv[0]);
		return 2;
	}
	while ((entry = readdir(dir))) {
		struct buffer b CLEANUP(buffer_done) = {0};
		char path[4096];

		if (entry->d_name[0] == '.')
			continue;
		snprintf(path, sizeof(path), "%s/%s", argv[1], entry->d_name);
		if (io_read_file(path, 64u << 20, &b) < 0) {
			fprintf(stderr, "%s: cannot read\n", path);
			return 1;
		}
		LLVMFuzzerTestOneInput(b.data, b.len);
		n++;
	}
	closedir(dir);
	printf("%u inputs\n", n);
	return n ? 0 : 1;
}
