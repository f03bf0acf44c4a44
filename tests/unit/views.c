#include "unit/views.h"

#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

void
made_begin(struct made *made)
{
	*made = (struct made){
	    .view = {.domain = str_of("example.com"),
		.span = {.as_of = AS_OF, .days = WINDOW, .inventory = INVENTORY, .memory = 180, .most = 1000},
		.first_day = AS_OF - 179}};
	made->view.reported = made->reported;
	made->reporters = mem_zero(64, sizeof *made->reporters);
	(void)made_name(made, "example.com");
}

static void *
room(void *old, size_t count, size_t *cap, size_t size)
{
	if (count < *cap)
		return old;
	*cap = *cap > 0 ? 2 * *cap : 64;
	return mem_grow(old, *cap * size);
}

void
made_end(struct made *made)
{
	free(made->sources);
	free(made->names);
	free(made->flows);
	free(made->cells);
	free(made->reporters);
}

uint32_t
made_name(struct made *made, const char *domain)
{
	made->names = room(made->names, made->view.name_count, &made->name_room, sizeof *made->names);
	made->names[made->view.name_count] =
	    (struct mail_name){str_of(domain), domain != NULL && strcmp(domain, "example.com") == 0};
	made->view.names = made->names;
	return (uint32_t)made->view.name_count++;
}

uint32_t
made_source(struct made *made, const char *name)
{
	made->sources =
	    room(made->sources, made->view.source_count, &made->source_room, sizeof *made->sources);
	made->sources[made->view.source_count] = (struct mail_source){.name = str_of(name),
	    .addresses = 1,
	    .address = str_of(NULL),
	    .first = AS_OF - 179,
	    .last = AS_OF,
	    .passed_last = AS_OF};
	made->view.sources = made->sources;
	return (uint32_t)made->view.source_count++;
}

uint32_t
made_reporter(struct made *made, const char *org, bool big)
{
	made->reporters[made->view.reporter_count] = (struct mail_reporter){
	    .org = str_of(org), .big = big, .days = WINDOW, .first = AS_OF - 179, .last = AS_OF};
	made->view.reporters = made->reporters;
	memset(made->reported, 1, sizeof made->reported);
	return (uint32_t)made->view.reporter_count++;
}

static unsigned flags_of(enum mail_class class)
{
	switch (class) {
	case MAIL_FULL:
		return FLOW_PASS | FLOW_DKIM | FLOW_SPF | FLOW_STRICT_DKIM | FLOW_STRICT_SPF;
	case MAIL_DKIM_ONLY:
	case MAIL_FORWARDED:
		return FLOW_PASS | FLOW_DKIM | FLOW_STRICT_DKIM;
	case MAIL_SPF_ONLY:
		return FLOW_PASS | FLOW_SPF;
	default:
		return 0;
	}
}

uint32_t
made_flow(struct made *made, uint32_t source, uint32_t name, enum mail_class class)
{
	made->flows = room(made->flows, made->view.flow_count, &made->flow_room, sizeof *made->flows);
	made->flows[made->view.flow_count] = (struct mail_flow){.source = source,
	    .name = name,
	    .class = class,
	    .flags = flags_of(class),
	    .first = AS_OF,
	    .last = AS_OF - INVENTORY};
	made->view.flows = made->flows;
	return (uint32_t)made->view.flow_count++;
}

static int
compare_cells(const void *left, const void *right)
{
	const struct mail_cell *a = left, *b = right;

	if (a->flow != b->flow)
		return a->flow < b->flow ? -1 : 1;
	if (a->day != b->day)
		return a->day > b->day ? -1 : 1;
	return a->reporter < b->reporter ? -1 : a->reporter > b->reporter;
}

void
made_mail(struct made *made, uint32_t flow, uint32_t reporter, int day, uint64_t messages)
{
	struct mail_flow *at = &made->flows[flow];
	struct mail_cell *cells;
	size_t count = made->view.cell_count;
	struct mail_cell cell = {flow, reporter, day, true, messages};

	at->messages += messages;
	at->recent += day < WINDOW ? messages : 0;
	at->first = AS_OF - day < at->first ? AS_OF - day : at->first;
	at->last = AS_OF - day > at->last ? AS_OF - day : at->last;
	if (at->class == MAIL_SPOOFED)
		return;
	cells = made->cells = room(made->cells, count, &made->cell_room, sizeof *made->cells);
	cells[count] = cell;
	made->view.cells = cells;
	made->view.cell_count++;
	if (count > 0 && compare_cells(&cells[count - 1], &cell) > 0)
		qsort(cells, count + 1, sizeof *cells, compare_cells);
}

void
made_days(struct made *made, uint32_t flow, uint32_t reporter, int from, int to, uint64_t messages)
{
	int day;

	for (day = to; day >= from; day--)
		made_mail(made, flow, reporter, day, messages);
}

void
made_policy(struct made *made, int since, const char *p)
{
	size_t i;

	for (i = made->view.published_count; i > 0; i--)
		made->published[i] = made->published[i - 1];
	made->view.published_count++;
	made->published[0] = (struct mail_published){AS_OF - since, AS_OF, {.p = str_of(p)}};
	if (made->view.published_count > 1)
		made->published[1].last = AS_OF - since - 1;
	made->view.published = made->published;
}
