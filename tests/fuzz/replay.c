/*
 * replay: runs a fuzz target over files and folders of inputs without a fuzzer, as an ordinary test. Ends
 * with the number of inputs; an input that breaks something ends it by a signal or a sanitizer's message.
 */
#include "fuzz/fuzz.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

enum { PATH_BYTES = 4096, INPUT_BYTES = 64 * 1024 * 1024 };

static size_t inputs;

static int
replay_file(const char *path)
{
	FILE *file = fopen(path, "rb");
	unsigned char *bytes = malloc(INPUT_BYTES);
	size_t len;

	if (file == NULL || bytes == NULL) {
		fprintf(stderr, "replay: %s: cannot read\n", path);
		free(bytes);
		return 1;
	}
	len = fread(bytes, 1, INPUT_BYTES, file);
	(void)fclose(file);
	/* A block of exactly the size, so that the sanitizer sees one byte too far. */
	if (len > 0) {
		unsigned char *exact = realloc(bytes, len);

		bytes = exact != NULL ? exact : bytes;
	}
	(void)LLVMFuzzerTestOneInput(bytes, len);
	free(bytes);
	inputs++;
	return 0;
}

static int
replay(const char *path)
{
	char below[PATH_BYTES];
	struct dirent *entry;
	struct stat stat_now;
	int failed = 0;
	DIR *folder;

	if (stat(path, &stat_now) != 0) {
		fprintf(stderr, "replay: %s: not there\n", path);
		return 1;
	}
	if (!S_ISDIR(stat_now.st_mode))
		return replay_file(path);
	folder = opendir(path);
	while (folder != NULL && (entry = readdir(folder)) != NULL) {
		if (entry->d_name[0] == '.')
			continue;
		(void)snprintf(below, sizeof below, "%s/%s", path, entry->d_name);
		failed |= replay(below);
	}
	if (folder != NULL)
		(void)closedir(folder);
	return failed;
}

int
main(int argc, char **argv)
{
	int failed = 0, i;

	for (i = 1; i < argc; i++)
		failed |= replay(argv[i]);
	printf("%zu inputs\n", inputs);
	return failed != 0 || inputs == 0;
}
