/* uids: sorted ranges; the operations go through two sets side by side. */
#include "mailbox/uids.h"

#include "base/mem.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void
uids_init(struct uids *uids)
{
	memset(uids, 0, sizeof *uids);
}

void
uids_free(struct uids *uids)
{
	free(uids->ranges);
	uids_init(uids);
}

void
uids_clear(struct uids *uids)
{
	uids->count = 0;
	uids->unsorted = false;
}

void
uids_add(struct uids *uids, uint32_t first, uint32_t last)
{
	struct uid_range *end = uids->count == 0 ? NULL : &uids->ranges[uids->count - 1];

	if (end != NULL && first >= end->first && (end->last == UINT32_MAX || first <= end->last + 1)) {
		end->last = last > end->last ? last : end->last;
		return;
	}
	uids->unsorted = uids->unsorted || (end != NULL && first < end->first);
	if (uids->count == uids->cap) {
		uids->cap = uids->cap == 0 ? 16 : uids->cap * 2;
		uids->ranges = mem_grow(uids->ranges, uids->cap * sizeof *uids->ranges);
	}
	uids->ranges[uids->count++] = (struct uid_range){first, last};
}

static int
compare_ranges(const void *a, const void *b)
{
	uint32_t first = ((const struct uid_range *)a)->first, other = ((const struct uid_range *)b)->first;

	return (first > other) - (first < other);
}

void
uids_sort(struct uids *uids)
{
	size_t i, count = uids->count;

	if (!uids->unsorted)
		return;
	qsort(uids->ranges, count, sizeof *uids->ranges, compare_ranges);
	uids_clear(uids);
	/* What is added lies behind what was added before, so nothing is overwritten that is still needed. */
	for (i = 0; i < count; i++)
		uids_add(uids, uids->ranges[i].first, uids->ranges[i].last);
}

bool
uids_has(const struct uids *uids, uint32_t uid)
{
	size_t low = 0, high = uids->count, middle;

	while (low < high) {
		middle = low + (high - low) / 2;
		if (uid > uids->ranges[middle].last)
			low = middle + 1;
		else
			high = middle;
	}
	return low < uids->count && uids->ranges[low].first <= uid;
}

uint64_t
uids_count(const struct uids *uids)
{
	uint64_t sum = 0;
	size_t i;

	for (i = 0; i < uids->count; i++)
		sum += (uint64_t)uids->ranges[i].last - uids->ranges[i].first + 1;
	return sum;
}

void
uids_without(struct uids *to, const struct uids *a, const struct uids *b)
{
	uint64_t from;
	size_t i, j = 0, k;

	for (i = 0; i < a->count; i++) {
		from = a->ranges[i].first;
		while (j < b->count && b->ranges[j].last < from)
			j++;
		for (k = j; k < b->count && b->ranges[k].first <= a->ranges[i].last; k++) {
			if (b->ranges[k].first > from)
				uids_add(to, (uint32_t)from, b->ranges[k].first - 1);
			from = (uint64_t)b->ranges[k].last + 1;
		}
		if (from <= a->ranges[i].last)
			uids_add(to, (uint32_t)from, a->ranges[i].last);
	}
}

void
uids_common(struct uids *to, const struct uids *a, const struct uids *b)
{
	uint32_t first, last;
	size_t i = 0, j = 0;

	while (i < a->count && j < b->count) {
		first = a->ranges[i].first > b->ranges[j].first ? a->ranges[i].first : b->ranges[j].first;
		last = a->ranges[i].last < b->ranges[j].last ? a->ranges[i].last : b->ranges[j].last;
		if (first <= last)
			uids_add(to, first, last);
		if (a->ranges[i].last < b->ranges[j].last)
			i++;
		else
			j++;
	}
}

uint32_t
uids_next(const struct uids *uids, struct uids_at *at)
{
	const struct uid_range *range;
	uint32_t uid;

	if (at->range >= uids->count)
		return 0;
	range = &uids->ranges[at->range];
	uid = range->first + at->offset++;
	if (uid == range->last) {
		at->range++;
		at->offset = 0;
	}
	return uid;
}

static int
compare_uids(const void *a, const void *b)
{
	uint32_t one = *(const uint32_t *)a, other = *(const uint32_t *)b;

	return (one > other) - (one < other);
}

size_t
uids_order(uint32_t *list, size_t count)
{
	size_t i, kept = 0;

	if (count == 0)
		return 0;
	qsort(list, count, sizeof *list, compare_uids);
	for (i = 0; i < count; i++)
		if (kept == 0 || list[i] != list[kept - 1])
			list[kept++] = list[i];
	return kept;
}

bool
uids_write(struct buf *text, const uint32_t *uids, size_t count)
{
	char piece[32];
	size_t i, next;

	for (i = 0; i < count; i = next) {
		for (next = i + 1; next < count && uids[next] == uids[next - 1] + 1;)
			next++;
		if (next - i > 1)
			(void)snprintf(piece, sizeof piece, "%s%" PRIu32 ":%" PRIu32, i > 0 ? "," : "",
			    uids[i], uids[next - 1]);
		else
			(void)snprintf(piece, sizeof piece, "%s%" PRIu32, i > 0 ? "," : "", uids[i]);
		if (!buf_add_text(text, piece))
			return false;
	}
	return true;
}
