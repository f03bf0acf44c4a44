/* uids: sets of UIDs (RFC 9051 section 2.3.1.1) as sorted ranges: a mailbox of millions is mostly a few. */
#ifndef DMARCQ_MAILBOX_UIDS_H
#define DMARCQ_MAILBOX_UIDS_H

#include "base/buf.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct uid_range {
	uint32_t first, last;
};
struct uids {
	struct uid_range *ranges; /* owned; sorted, apart from each other unless unsorted is true */
	size_t count, cap;
	bool unsorted;
};

void uids_init(struct uids *uids);
void uids_free(struct uids *uids);
/* Empties it and keeps its memory. */
void uids_clear(struct uids *uids);
/* Adds a range in any order, first <= last; cheap in ascending order. uids_sort is due before anything else.
 */
void uids_add(struct uids *uids, uint32_t first, uint32_t last);
void uids_sort(struct uids *uids);

bool uids_has(const struct uids *uids, uint32_t uid);
uint64_t uids_count(const struct uids *uids);
/* What is in a and not in b, or in both; *to must be another set. */
void uids_without(struct uids *to, const struct uids *a, const struct uids *b);
void uids_common(struct uids *to, const struct uids *a, const struct uids *b);

/* Where somebody is who goes through a set; starts as zeros. */
struct uids_at {
	size_t range;
	uint32_t offset;
};
/* The next UID; 0 behind the last. */
uint32_t uids_next(const struct uids *uids, struct uids_at *at);

/* A list in ascending order, each once; returns how many are left. */
size_t uids_order(uint32_t *list, size_t count);
/* Adds uids in ascending order to a text as "1:3,7", without a blank. False: the text is full. */
bool uids_write(struct buf *text, const uint32_t *uids, size_t count);

#endif
