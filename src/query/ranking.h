/*
 * ranking: groups of sources by failing messages, in one pass over the roll-up. SQL would sort all of it for
 * that, and again for what it counts once, which takes several times as long. Only for src/query.
 */
#ifndef DMARCQ_QUERY_RANKING_H
#define DMARCQ_QUERY_RANKING_H

#include "base/buf.h"
#include "query/tally.h"

/* The group that a profile's messages from an address belong to, for what --by names; 0: it has none. */
typedef int64_t ranking_group(void *data, struct str by, int64_t profile, int64_t ip);
/* The text of a group that ranking_group gave; borrowed while the ranking is made. */
typedef struct str ranking_text(void *data, int64_t group);

struct ranking_groups {
	ranking_group *number;
	ranking_text *text;
	void *data;
};

/* What there is in all: groups that fail, their failing messages, and those of the n groups. */
struct ranking_total {
	int64_t groups, failing, shown;
};

/*
 * A JSON object into an empty buffer: "failing", the failing messages of all groups, and "groups", an array
 * of the n groups with most of them (0: all; of equal ones of the last place the first by name), each an
 * array of its key (0: none), messages, failing, of these no action, quarantined and rejected, reporters,
 * policy domains, first and last day (null: unknown), and an array of [profile, failing messages]. The key is
 * the id of an address, reporter or name where --by names one, else what groups give.
 */
enum status ranking_json(struct buf *json, struct ranking_total *total, struct db *db,
    const struct tally_scope *scope, int64_t n, const struct ranking_groups *groups, struct err *err);

#endif
