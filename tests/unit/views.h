/* views: the mail of a domain made by hand, for tests of what judges it. Days are counted back from as_of. */
#ifndef DMARCQ_TESTS_UNIT_VIEWS_H
#define DMARCQ_TESTS_UNIT_VIEWS_H

#include "analysis/mail.h"

enum { AS_OF = 20000, WINDOW = 28, INVENTORY = 90 };

struct made {
	struct mail_view view;
	struct mail_source *sources;
	struct mail_name *names;
	struct mail_flow *flows;
	struct mail_cell *cells;
	struct mail_reporter *reporters;
	struct mail_published published[8];
	size_t cell_room, flow_room, source_room, name_room;
	bool reported[INVENTORY];
};

/* example.com with its own name (0); no mail, no reporter, no policy. */
void made_begin(struct made *made);
void made_end(struct made *made);

uint32_t made_name(struct made *made, const char *domain);
uint32_t made_source(struct made *made, const char *name);
/* Reports on every day of the inventory. */
uint32_t made_reporter(struct made *made, const char *org, bool big);
uint32_t made_flow(struct made *made, uint32_t source, uint32_t name, enum mail_class class);
/* Messages on one day, and on each of several days. */
void made_mail(struct made *made, uint32_t flow, uint32_t reporter, int day, uint64_t messages);
void made_days(struct made *made, uint32_t flow, uint32_t reporter, int from, int to, uint64_t messages);
/* What was published from a day on; the newest last. */
void made_policy(struct made *made, int since, const char *p);

#endif
