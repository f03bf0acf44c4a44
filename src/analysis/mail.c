/*
 * mail: rows become flows, and flows cells. Who sent a row and what is known of that is in mail_sources.c,
 * days, reporters and policies in mail_days.c; what they share in mailing.h.
 */
#include "analysis/mailing.h"

#include "analysis/sources.h"
#include "base/digest.h"
#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

enum { CLASS_BITS = 4, FLAG_BITS = 8, NAME_BITS = 22, DAY_BITS = 13, REPORTER_BITS = 13 };

int64_t
mail_hash(const struct mail *mail, uint64_t salt, const void *bytes, size_t len)
{
	uint64_t hash = hash64(bytes, len, mail->seed ^ (salt * 0x9e3779b97f4a7c15U)) >> 1;

	return hash == 0 ? 1 : (int64_t)hash;
}

void
mail_saw(struct mail *mail, int64_t day)
{
	if (!mail->has_day || day < mail->first_day)
		mail->first_day = day;
	mail->has_day = true;
}

struct mail *
mail_new(struct str domain, const struct senders *senders, struct modes modes, const struct mail_span *span)
{
	struct mail *mail = mem_zero(1, sizeof *mail);

	arena_init(&mail->arena);
	mail->domain = arena_str(&mail->arena, domain);
	mail->senders = senders;
	mail->modes = modes;
	mail->span = *span;
	mail->seed = random64();
	mail->other_source = mail->other_name = UINT32_MAX;
	mail->reported = mem_zero((size_t)span->inventory, sizeof *mail->reported);
	intern_init(&mail->decided);
	intern_init(&mail->source_keys);
	intern_init(&mail->name_texts);
	intern_init(&mail->addresses);
	intern_init(&mail->tenant_names);
	intern_init(&mail->orgs);
	intern_init(&mail->policy_keys);
	return mail;
}

void
mail_free(struct mail *mail)
{
	if (mail == NULL)
		return;
	mail_sources_free(mail);
	mail_memory_free(mail);
	mail_days_free(mail);
	intmap_free(&mail->flow_of);
	intmap_free(&mail->cell_of);
	free(mail->flows);
	free(mail->cells);
	arena_free(&mail->arena);
	free(mail);
}

/* How many days before as_of; false: outside the last so many. */
static bool
days_before(int64_t *before, const struct mail *mail, int64_t day, int64_t days)
{
	if (day > mail->span.as_of || mail->span.as_of - day >= days)
		return false;
	*before = mail->span.as_of - day;
	return true;
}

bool
mail_teaches(const struct mail_facts *facts)
{
	return facts->outcome == OUTCOME_PASS || facts->told_list || facts->told_forwarded;
}

void
mail_learn(struct mail *mail, const struct mail_row *row)
{
	int64_t before;

	if (!mail_teaches(row->facts) || !days_before(&before, mail, row->day, mail->span.memory))
		return;
	mail_saw(mail, row->day);
	if (row->facts->outcome == OUTCOME_PASS)
		mail_passed(mail, mail_place(mail, row, true).source, row);
	else
		mail_told(mail, row);
}

static unsigned
flags_of(const struct mail_facts *facts)
{
	unsigned flags = 0;

	flags |= facts->outcome == OUTCOME_PASS ? FLOW_PASS : 0U;
	flags |= facts->dkim ? FLOW_DKIM : 0U;
	flags |= facts->spf ? FLOW_SPF : 0U;
	flags |= facts->dkim_strict ? FLOW_STRICT_DKIM : 0U;
	flags |= facts->spf_strict ? FLOW_STRICT_SPF : 0U;
	flags |= facts->action == ACTION_QUARANTINE ? FLOW_QUARANTINED : 0U;
	flags |= facts->action == ACTION_REJECT ? FLOW_REJECTED : 0U;
	flags |= facts->overridden ? FLOW_OVERRIDDEN : 0U;
	return flags;
}

static int64_t
flow_key(const struct mail_flow *flow)
{
	int64_t key = flow->source;

	key = key << NAME_BITS | flow->name;
	key = key << CLASS_BITS | flow->class;
	return (key << FLAG_BITS | flow->flags) + 1;
}

/* Of a class that anyone can make without number. */
static bool
is_doubtful(const struct mail_flow *flow)
{
	return flow->class == MAIL_SPOOFED || flow->class == MAIL_UNKNOWN;
}

/* Beyond bounds names are lost, then sources; never the domain's own, nor one that passed. */
static bool
find_flow(int64_t *number, struct mail *mail, struct mail_flow *flow)
{
	size_t bound = MAIL_FEW * mail->span.most * (is_doubtful(flow) ? 1 : MAIL_FEW);
	size_t count = is_doubtful(flow) ? mail->doubtful_flows : mail->flow_count - mail->doubtful_flows;

	if (intmap_get(number, &mail->flow_of, flow_key(flow)))
		return true;
	if (count < bound)
		return false;
	if (!mail->names[flow->name].is_domain)
		flow->name = mail_other_name(mail);
	if (intmap_get(number, &mail->flow_of, flow_key(flow)))
		return true;
	if (count < 2 * bound || mail->trust[flow->source].passes.days > 0)
		return false;
	flow->source = mail_other_source(mail);
	return intmap_get(number, &mail->flow_of, flow_key(flow));
}

static uint32_t
flow_of(
    struct mail *mail, const struct mail_row *row, struct mail_flow *flow, const struct mail_history *history)
{
	char evidence[MAIL_EVIDENCE];
	int64_t number;

	if (find_flow(&number, mail, flow))
		return (uint32_t)number;
	flow->first = flow->last = row->day;
	flow->fault = mail_fault(row->facts);
	flow->evidence.len = mail_evidence(evidence, row->facts, history, flow->class);
	flow->evidence.data = evidence;
	flow->evidence = arena_str(&mail->arena, flow->evidence);
	mail->flows = mem_room(mail->flows, &mail->flow_cap, mail->flow_count, sizeof *mail->flows);
	mail->flows[mail->flow_count] = *flow;
	intmap_put(&mail->flow_of, flow_key(flow), (int64_t)mail->flow_count);
	mail->doubtful_flows += is_doubtful(flow);
	return (uint32_t)mail->flow_count++;
}

static int64_t
cell_key(const struct mail_cell *cell)
{
	int64_t key = cell->flow;

	key = key << DAY_BITS | cell->day;
	key = key << REPORTER_BITS | cell->reporter;
	return (key << 1 | (cell->authentic ? 1 : 0)) + 1;
}

static void
add_cell(struct mail *mail, struct mail_cell *cell)
{
	int64_t number;
	bool found = intmap_get(&number, &mail->cell_of, cell_key(cell));

	if (!found && mail->cell_count >= MAIL_MANY * mail->span.most) {
		cell->reporter = mail_reporter(mail, (struct str){NULL, 0});
		found = intmap_get(&number, &mail->cell_of, cell_key(cell));
	}
	if (found) {
		mail->cells[number].messages += cell->messages;
		return;
	}
	mail->cells = mem_room(mail->cells, &mail->cell_cap, mail->cell_count, sizeof *mail->cells);
	intmap_put(&mail->cell_of, cell_key(cell), (int64_t)mail->cell_count);
	mail->cells[mail->cell_count++] = *cell;
}

/* Where mail comes from that only its address tells the source of; before its messages are counted. */
static void
note_network(struct mail *mail, struct mail_flow *flow, const struct mail_row *row, bool unnamed)
{
	char subnet[SUBNET_TEXT];
	struct str network = {subnet, unnamed && row->ip != NULL ? source_subnet(subnet, row->ip) : 0};
	bool is_new = flow->messages == 0;

	flow->unnamed = unnamed && (is_new || flow->unnamed);
	if (is_new && network.len > 0)
		flow->network = arena_str(&mail->arena, network);
	else if (!str_same(flow->network, network))
		flow->network = (struct str){NULL, 0};
}

uint32_t
mail_add(struct mail *mail, const struct mail_row *row)
{
	struct mail_history history;
	struct mail_place place;
	struct mail_flow flow = {0};
	int64_t before;
	uint32_t number;

	if (!days_before(&before, mail, row->day, mail->span.inventory))
		return MAIL_NO_FLOW;
	mail_history(&history, mail, row);
	place = mail_place(mail, row, false);
	flow.source = place.source;
	flow.name = mail_name(mail, row->facts->header_from);
	flow.class = mail_classify(row->facts, &history, place.decision);
	flow.flags = flags_of(row->facts);
	number = flow_of(mail, row, &flow, &history);
	note_network(mail, &mail->flows[number], row, place.unnamed);
	mail_seen(mail, mail->flows[number].source, row, mail->flows[number].class);
	mail_add_to(mail, number, row);
	return number;
}

void
mail_add_to(struct mail *mail, uint32_t number, const struct mail_row *row)
{
	struct mail_flow *flow;
	int64_t before;

	if (number == MAIL_NO_FLOW || !days_before(&before, mail, row->day, mail->span.inventory))
		return;
	flow = &mail->flows[number];
	flow->messages += row->messages;
	flow->recent += before < mail->span.days ? row->messages : 0;
	flow->first = row->day < flow->first ? row->day : flow->first;
	flow->last = row->day > flow->last ? row->day : flow->last;
	mail_saw(mail, row->day);
	mail_saw_source(mail, flow->source, row->day);
	mail_reporter_seen(mail, row);
	if (flow->class != MAIL_SPOOFED)
		add_cell(mail, &(struct mail_cell){
				   number, row->reporter, (int32_t)before, row->authentic, row->messages});
}

static int
order_of(int64_t a, int64_t b)
{
	return (a > b) - (a < b);
}

static int
compare_cells(const void *left, const void *right)
{
	const struct mail_cell *a = left, *b = right;
	int order = order_of(a->flow, b->flow);

	if (order == 0)
		order = order_of(b->day, a->day);
	if (order == 0)
		order = order_of(a->reporter, b->reporter);
	return order != 0 ? order : order_of(a->authentic, b->authentic);
}

static void
sort_part(struct mail_cell *cells, size_t count)
{
	size_t i;

	for (i = 1; i < count; i++)
		if (compare_cells(&cells[i - 1], &cells[i]) > 0) {
			qsort(cells, count, sizeof *cells, compare_cells);
			return;
		}
}

/* Rows come day by day, so the cells of a flow mostly stand in their order. */
static void
sort_cells(struct mail *mail)
{
	struct mail_cell *sorted = mem_zero(mail->cell_count + 1, sizeof *sorted);
	size_t *end = mem_zero(mail->flow_count + 1, sizeof *end), i, start = 0;

	for (i = 0; i < mail->cell_count; i++)
		end[mail->cells[i].flow + 1]++;
	for (i = 0; i < mail->flow_count; i++)
		end[i + 1] += end[i];
	for (i = 0; i < mail->cell_count; i++)
		sorted[end[mail->cells[i].flow]++] = mail->cells[i];
	for (i = 0; i < mail->flow_count; start = end[i++])
		sort_part(sorted + start, end[i] - start);
	free(end);
	free(mail->cells);
	mail->cells = sorted;
}

void
mail_close(struct mail *mail)
{
	intmap_free(&mail->cell_of);
	intmap_free(&mail->flow_of);
	sort_cells(mail);
	mail_sources_close(mail);
	mail_days_close(mail);
	mail->view = (struct mail_view){
	    .domain = mail->domain,
	    .span = mail->span,
	    .sources = mail->sources,
	    .source_count = mail->source_count,
	    .names = mail->names,
	    .name_count = mail->name_count,
	    .flows = mail->flows,
	    .flow_count = mail->flow_count,
	    .cells = mail->cells,
	    .cell_count = mail->cell_count,
	    .reporters = mail->reporters,
	    .reporter_count = mail->reporter_count,
	    .published = mail->published,
	    .published_count = mail->published_count,
	    .reported = mail->reported,
	    .first_day = mail->has_day ? mail->first_day : mail->span.as_of,
	    .has_authentic = mail->has_authentic,
	};
}

const struct mail_view *
mail_view(const struct mail *mail)
{
	return &mail->view;
}
