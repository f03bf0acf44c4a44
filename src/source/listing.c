/*
 * listing: reads a folder at once, so that what the program itself moves while it runs is not met a second
 * time, and keeps it small: a hundred thousand names take a few megabytes.
 */
#include "source/listing.h"

#include "base/mem.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

void
listing_init(struct listing *listing)
{
	memset(listing, 0, sizeof *listing);
	buf_init(&listing->text, UINT32_MAX);
}

bool
listing_add(struct listing *listing, enum listing_type type, const char *prefix, const char *name)
{
	size_t start = listing->text.len, prefix_len = strlen(prefix), len = strlen(name) + 1;
	unsigned char *room = buf_room(&listing->text, 1 + prefix_len + len);

	if (room == NULL)
		return false;
	room[0] = (unsigned char)type;
	memcpy(room + 1, prefix, prefix_len);
	memcpy(room + 1 + prefix_len, name, len);
	listing->text.len += 1 + prefix_len + len;
	if (listing->count == listing->cap) {
		listing->cap = listing->cap == 0 ? 64 : listing->cap * 2;
		listing->starts = mem_grow(listing->starts, listing->cap * sizeof *listing->starts);
	}
	listing->starts[listing->count++] = (uint32_t)start;
	if (type == LISTING_FOLDER)
		listing->folders++;
	return true;
}

static bool
wanted(const struct dirent *entry)
{
	if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
		return false;
	return entry->d_type == DT_REG || entry->d_type == DT_DIR || entry->d_type == DT_UNKNOWN;
}

enum status
listing_read(struct listing *listing, const char *path, const char *prefix, struct err *err)
{
	enum status status = OK;
	struct dirent *entry;
	DIR *dir = opendir(path);

	if (dir == NULL) {
		(void)err_set(err, BAD, "cannot read folder: %s", strerror(errno));
		return err_at(err, "%s", path);
	}
	while (errno = 0, status == OK && (entry = readdir(dir)) != NULL) {
		if (!wanted(entry))
			continue;
		if (!listing_add(listing, entry->d_type == DT_DIR ? LISTING_FOLDER : LISTING_FILE, prefix,
			entry->d_name))
			status = err_set(err, BAD, "too many names in one folder");
	}
	if (status == OK && errno != 0)
		status = err_set(err, BAD, "cannot read folder to its end: %s", strerror(errno));
	(void)closedir(dir);
	return status == OK ? OK : err_at(err, "%s", path);
}

struct order {
	const char *text;
	int (*compare)(const char *a, const char *b);
};

static int
compare_starts(const void *a, const void *b, void *data)
{
	const struct order *order = data;

	return order->compare(order->text + *(const uint32_t *)a + 1, order->text + *(const uint32_t *)b + 1);
}

void
listing_sort(struct listing *listing, int (*compare)(const char *a, const char *b))
{
	struct order order = {(const char *)listing->text.data, compare == NULL ? strcmp : compare};

	if (listing->count > 1)
		qsort_r(listing->starts, listing->count, sizeof *listing->starts, compare_starts, &order);
}

const char *
listing_name(const struct listing *listing, size_t i)
{
	return (const char *)listing->text.data + listing->starts[i] + 1;
}

bool
listing_is_folder(const struct listing *listing, size_t i)
{
	return listing->text.data[listing->starts[i]] == LISTING_FOLDER;
}

void
listing_free(struct listing *listing)
{
	buf_free(&listing->text);
	free(listing->starts);
	listing_init(listing);
}
