/* advice_book: what a message counts as, and flows in the orders that judging needs. */
#include "analysis/advice_book.h"

static enum treat
treat_of(enum mail_decision decision)
{
	switch (decision) {
	case DECISION_OURS:
		return TREAT_OURS;
	case DECISION_NOT_OURS:
		return TREAT_NOT_OURS;
	case DECISION_FORWARDER:
		return TREAT_FORWARDER;
	case DECISION_NONE:
		break;
	}
	return TREAT_UNDECIDED;
}

enum pot
pot_of(const struct mail_flow *flow, enum treat treat)
{
	bool passes = (flow->flags & FLOW_PASS) != 0;
	bool is_open = treat == TREAT_UNDECIDED || treat == TREAT_UNPROVEN || treat == TREAT_CROWD;

	if (flow->class == MAIL_UNTOLD)
		return POT_OUT;
	if (treat == TREAT_NOT_OURS)
		return passes ? POT_OUT : POT_SPOOFED;
	if (passes || treat == TREAT_FIXED)
		return POT_PASS;
	if (flow->class == MAIL_TEMPORARY)
		return POT_TEMPORARY;
	if (flow->class == MAIL_SPOOFED && is_open)
		return POT_SPOOFED;
	if (treat == TREAT_UNPROVEN && (flow->class == MAIL_SERVICE || flow->class == MAIL_TENANT))
		return POT_SPOOFED;
	if (flow->class == MAIL_LIST || treat == TREAT_FORWARDER)
		return POT_LIST;
	if (flow->class == MAIL_UNKNOWN && is_open)
		return treat == TREAT_CROWD ? POT_CROWD : POT_REVIEW;
	return POT_FAIL;
}

/* The flows of an order (NULL: as they are), sorted by source or name; equal ones stay in their order. start:
 * where each key begins, one more than there are keys. */
static uint32_t *
sort_flows(
    const struct mail_view *mail, const uint32_t *order, bool by_name, size_t *start, struct arena *arena)
{
	size_t i, keys = by_name ? mail->name_count : mail->source_count;
	uint32_t *sorted = arena_alloc(arena, (mail->flow_count + 1) * sizeof *sorted);
	size_t *next = arena_zero(arena, (keys + 1) * sizeof *next);

	for (i = 0; i < mail->flow_count; i++)
		next[by_name ? mail->flows[i].name : mail->flows[i].source]++;
	for (start[0] = 0, i = 0; i < keys; i++) {
		start[i + 1] = start[i] + next[i];
		next[i] = start[i];
	}
	for (i = 0; i < mail->flow_count; i++) {
		uint32_t flow = order != NULL ? order[i] : (uint32_t)i;

		sorted[next[by_name ? mail->flows[flow].name : mail->flows[flow].source]++] = flow;
	}
	return sorted;
}

static void
find_cells(struct book *book, struct arena *arena)
{
	const struct mail_view *mail = book->mail;
	size_t i, flow = 0;

	book->cell_start = arena_zero(arena, (mail->flow_count + 1) * sizeof *book->cell_start);
	for (i = 0; i < mail->cell_count; i++)
		while (flow < mail->cells[i].flow)
			book->cell_start[++flow] = i;
	while (flow < mail->flow_count)
		book->cell_start[++flow] = mail->cell_count;
}

/* Whether some of it is the owner's: what is to be reviewed is no reason to judge the domain by that alone.
 */
static bool
has_mail(const struct book *book, struct scope scope)
{
	size_t i;

	for (i = 0; i < scope.count; i++) {
		const struct mail_flow *flow = &book->mail->flows[scope.flows[i]];
		enum pot pot = pot_of(flow, book->treats[flow->source]);

		if ((pot == POT_PASS || pot == POT_FAIL) && flow->messages > 0)
			return true;
	}
	return false;
}

struct scope
book_name(const struct book *book, uint32_t name)
{
	return (struct scope){
	    book->by_name + book->name_start[name], book->name_start[name + 1] - book->name_start[name]};
}

void
book_open(struct book *book, const struct mail_view *mail, struct arena *arena)
{
	size_t i, *start = arena_alloc(arena, (mail->source_count + 1) * sizeof *start);
	uint32_t *by_source = sort_flows(mail, NULL, false, start, arena);

	*book = (struct book){.mail = mail, .all = {by_source, mail->flow_count}};
	book->name_start = arena_alloc(arena, (mail->name_count + 1) * sizeof *book->name_start);
	book->by_name = sort_flows(mail, by_source, true, book->name_start, arena);
	find_cells(book, arena);
	book->treats = arena_alloc(arena, (mail->source_count + 1) * sizeof *book->treats);
	for (i = 0; i < mail->source_count; i++)
		book->treats[i] = treat_of(mail->sources[i].decision);
	book->own = book->all;
	book->all_is_own = true;
	for (i = 0; i < mail->name_count; i++)
		if (mail->names[i].is_domain && has_mail(book, book_name(book, (uint32_t)i))) {
			book->own = book_name(book, (uint32_t)i);
			book->all_is_own = book->own.count == book->all.count;
		}
}
