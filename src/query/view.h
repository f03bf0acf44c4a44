/* view: a profile as it is shown: its texts, and its results as lists and in words. Only for src/query. */
#ifndef DMARCQ_QUERY_VIEW_H
#define DMARCQ_QUERY_VIEW_H

#include "base/column.h"
#include "report/profile.h"
#include "store/db.h"

/* Lists and texts are indexed by enum detail_kind: reasons, DKIM, SPF. */
struct view {
	struct profile profile;
	struct list list[DETAIL_KINDS];
	struct str text[DETAIL_KINDS]; /* "example.com/s1=pass; esp.example/k1=fail (bad key)" */
};

struct views;

enum status views_open(struct views **views, struct db *db, struct err *err);
/* Valid until the next views_get. Memory is bounded, however many profiles are asked for. */
enum status views_get(const struct view **view, struct views *views, int64_t profile, struct err *err);
/* NULL is accepted. */
void views_close(struct views *views);

#endif
