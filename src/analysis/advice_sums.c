/*
 * advice_sums: the cells of a scope added up by source and day, as a scenario looks at them. A source's days
 * stand in one small ledger at a time, so a pass costs its cells, however many sources there are.
 */
#include "analysis/advice_book.h"

enum { WEEK = 7, WEEKS = 31, STEADY_DAYS = 42 };
/* How a sender is compared with itself: bursts allowed for as by the settings that nobody changed. */
static const double intra = 0.1, repaired_z = 3;

/* The messages of one source on one day. */
struct slot {
	double passing, failing, review, crowd, lists, temporary;
};

struct work {
	const struct scenario *scenario;
	struct sums *sums;
	struct tally *tally;
	struct slot *slots;       /* [inventory]; all zero but low..high */
	struct mail_flow spoofed; /* the source's flows of it added up */
	int64_t window, inventory, low, high;
};

/* What a flow passes or fails by, in the window of rates. */
static void
add_details(struct work *work, enum pot pot, const struct mail_flow *flow, int64_t day, double messages)
{
	bool dkim = (flow->flags & FLOW_DKIM) != 0 || !(flow->flags & FLOW_PASS);

	if (pot == POT_PASS) {
		work->sums->days[day].passing += messages;
		work->sums->days[day].dkim += dkim ? messages : 0;
		work->tally->dkim += dkim ? messages : 0;
		work->tally->spf_alone += dkim ? 0 : messages;
	} else if (pot == POT_FAIL && (flow->class == MAIL_SERVICE || flow->class == MAIL_TENANT)) {
		work->tally->fixable += messages;
	}
}

static void
add(struct work *work, enum pot pot, const struct mail_flow *flow, int64_t day, double messages)
{
	struct slot *slot = &work->slots[day];

	work->low = day < work->low ? day : work->low;
	work->high = day > work->high ? day : work->high;
	if (pot == POT_PASS)
		slot->passing += messages;
	else if (pot == POT_FAIL)
		slot->failing += messages;
	else if (pot == POT_REVIEW)
		slot->review += messages;
	else if (pot == POT_CROWD)
		slot->crowd += messages;
	else if (pot == POT_LIST)
		slot->lists += messages;
	else
		slot->temporary += messages;
	if (day < work->window)
		add_details(work, pot, flow, day, messages);
}

bool
scenario_leaves_out(const struct scenario *scenario, const struct mail_cell *cell)
{
	return cell->reporter == scenario->without || (scenario->authentic_only && !cell->authentic);
}

static void
add_cells(struct work *work, uint32_t number, enum pot pot)
{
	const struct book *book = work->scenario->book;
	const struct mail_flow *flow = &book->mail->flows[number];
	size_t i;

	for (i = book->cell_start[number]; i < book->cell_start[number + 1]; i++) {
		const struct mail_cell *cell = &book->mail->cells[i];

		if (cell->day < 0 || cell->day >= work->inventory ||
		    scenario_leaves_out(work->scenario, cell))
			continue;
		add(work, pot, flow, cell->day, (double)cell->messages);
		if (cell->reporter >= book->mail->reporter_count)
			continue;
		work->sums->all_by_reporter[cell->reporter] += (double)cell->messages;
		if (cell->day < work->window && (pot == POT_PASS || pot == POT_FAIL))
			work->sums->by_reporter[cell->reporter] += (double)cell->messages;
	}
}

/* Spoofed mail has no cells. Where somebody says that it is the owner's, it counts evenly on its days. */
static void
add_evenly(struct work *work, const struct mail_flow *flow, enum pot pot)
{
	int64_t as_of = work->scenario->book->mail->span.as_of, day;
	int64_t low = as_of - flow->last, high = as_of - flow->first, edge;

	low = low < 0 ? 0 : low >= work->inventory ? work->inventory - 1 : low;
	high = high < low ? low : high >= work->inventory ? work->inventory - 1 : high;
	edge = low >= work->window ? low : high < work->window ? high + 1 : work->window;
	for (day = low; day < edge; day++)
		add(work, pot, flow, day, (double)flow->recent / (double)(edge - low));
	for (day = edge; day <= high; day++)
		add(work, pot, flow, day,
		    (double)(flow->messages - flow->recent) / (double)(high - edge + 1));
}

static bool
is_worse(const struct mail_view *mail, uint32_t flow, uint32_t than)
{
	const struct mail_flow *a = &mail->flows[flow], *b;

	if (than == UINT32_MAX)
		return true;
	b = &mail->flows[than];
	return a->recent != b->recent ? a->recent > b->recent : a->messages > b->messages;
}

static void
add_spoofed(struct work *work, const struct mail_flow *flow)
{
	struct mail_flow *sum = &work->spoofed;

	work->tally->spoofed += (double)flow->recent;
	if (flow->class != MAIL_SPOOFED)
		return;
	sum->first = sum->messages == 0 || flow->first < sum->first ? flow->first : sum->first;
	sum->last = sum->messages == 0 || flow->last > sum->last ? flow->last : sum->last;
	sum->messages += flow->messages;
	sum->recent += flow->recent;
}

/* Mail of a wave comes and goes; a machine's goes on at the same pace, whatever the policy does to it.
 * Spoofed mail has no cells, so its days are only known by the first and the last, and nobody knows who told
 * of it. */
static void
close_spoofed(struct work *work)
{
	const struct scenario *scenario = work->scenario;
	const struct mail_flow *flow = &work->spoofed;
	double days = (double)(flow->last - flow->first + 1), recent = (double)flow->recent;
	double expected = (double)flow->messages * (double)work->window / days;

	if (flow->messages == 0 || scenario->without != EVERY_REPORTER || scenario->authentic_only ||
	    days < STEADY_DAYS || flow->last <= scenario->book->mail->span.as_of - WEEK ||
	    recent < expected / 2 || recent > expected * 2)
		return;
	if (scenario->treats[work->tally->source] == TREAT_UNDECIDED)
		work->tally->steady = recent;
	else
		work->tally->steady_not_ours = recent;
}

static void
add_flow(struct work *work, uint32_t number)
{
	const struct mail_view *mail = work->scenario->book->mail;
	const struct mail_flow *flow = &mail->flows[number];
	enum pot pot = pot_of(flow, work->scenario->treats[flow->source]);

	if (pot == POT_SPOOFED)
		add_spoofed(work, flow);
	if (pot == POT_OUT && flow->class == MAIL_UNTOLD)
		work->tally->untold += (double)flow->recent;
	else if (pot == POT_OUT)
		work->tally->disowned += (double)flow->recent;
	if (pot == POT_SPOOFED || pot == POT_OUT)
		return;
	if (flow->class == MAIL_SPOOFED)
		add_evenly(work, flow, pot);
	else
		add_cells(work, number, pot);
	if ((pot == POT_FAIL || pot == POT_REVIEW) && is_worse(mail, number, work->tally->worst))
		work->tally->worst = number;
}

/* Whether what the source did before the window of rates tells nothing of how it is now: it surely fails less
 * since then, where luck does not explain it; or it has not mailed, and is gone, or RECENCY asks about it. */
static bool
is_past(const struct work *work)
{
	struct stats_clusters now = {0}, before = {0};
	int64_t day;

	for (day = work->low; day <= work->high; day++) {
		const struct slot *slot = &work->slots[day];
		double fails = slot->failing + slot->review;

		if (slot->passing + fails > 0)
			stats_cluster(day < work->window ? &now : &before, slot->passing + fails, fails);
	}
	if (!(now.count > 0))
		return work->tally->latest_failing > work->scenario->recency ||
		       tally_is_gone(work->tally, &work->scenario->book->mail->span);
	return before.x > 0 && stats_z(stats_share(&before, intra), stats_share(&now, intra)) > repaired_z;
}

static void
close_day(struct work *work, int64_t day, bool lasts)
{
	const struct slot *slot = &work->slots[day];
	struct day_sums *sums = &work->sums->days[day];
	struct tally *tally = work->tally;
	double legitimate = slot->passing + slot->failing, failing = slot->failing;

	if (legitimate + slot->review > 0)
		stats_cluster(&sums->careful, legitimate + slot->review, failing + slot->review);
	if (legitimate > 0)
		stats_cluster(&sums->hopeful, legitimate, failing);
	if (legitimate + slot->review > 0 && lasts)
		stats_cluster(&sums->careful_lasting, legitimate + slot->review, failing + slot->review);
	if (legitimate > 0 && lasts)
		stats_cluster(&sums->hopeful_lasting, legitimate, failing);
	sums->lists += slot->lists;
	sums->temporary += slot->temporary;
	tally->known += legitimate;
	tally->known_failing += failing;
	tally->known_review += slot->review;
	tally->known_lists += slot->lists;
	tally->seen += legitimate + slot->review + slot->lists + slot->temporary;
	if (day >= work->window)
		return;
	tally->legitimate += legitimate;
	tally->failing += failing;
	tally->review += slot->review;
	tally->crowd += slot->crowd;
	tally->lists += slot->lists;
	tally->temporary += slot->temporary;
	tally->passing_weeks |= slot->passing > 0 ? 1U << (day / WEEK < WEEKS ? day / WEEK : WEEKS) : 0;
	tally->week += day < WEEK ? legitimate : 0;
	tally->week_failing += day < WEEK ? failing : 0;
}

/* When the source was seen last, and how its mail fared then. */
static void
close_times(struct work *work)
{
	struct tally *tally = work->tally;
	int64_t day;

	for (day = work->low; day <= work->high; day++) {
		const struct slot *slot = &work->slots[day];
		double fails = slot->failing + slot->review;

		if (slot->passing + fails > 0)
			tally_seen(tally, (int32_t)day);
		if (fails > 0) {
			tally->last_failing = tally->last_failing < 0 ? (int32_t)day : tally->last_failing;
			tally->first_failing = (int32_t)day;
		}
		if (slot->passing > 0 && tally->last_passing < 0)
			tally->last_passing = (int32_t)day;
		if (tally->last >= 0 && day < tally->last + work->window) {
			tally->latest += slot->passing + fails;
			tally->latest_failing += fails;
		}
	}
}

static void
add_tally(struct tally *all, const struct tally *tally)
{
	all->legitimate += tally->legitimate;
	all->failing += tally->failing;
	all->review += tally->review;
	all->crowd += tally->crowd;
	all->lists += tally->lists;
	all->temporary += tally->temporary;
	all->spoofed += tally->spoofed;
	all->dkim += tally->dkim;
	all->spf_alone += tally->spf_alone;
	all->fixable += tally->fixable;
	all->disowned += tally->disowned;
	all->untold += tally->untold;
	all->week += tally->week;
	all->week_failing += tally->week_failing;
	all->known += tally->known;
	all->known_failing += tally->known_failing;
	all->known_review += tally->known_review;
	all->known_lists += tally->known_lists;
	all->seen += tally->seen;
}

/* Adds up the flows of one source, the tally's. */
static void
close_source(struct work *work)
{
	const struct scope *scope = &work->scenario->scope;
	struct tally *tally = work->tally;
	bool lasts;
	size_t i;
	int64_t day;

	work->low = work->inventory;
	work->high = -1;
	work->spoofed = (struct mail_flow){.messages = 0};
	for (i = tally->first; i < tally->first + tally->count; i++)
		add_flow(work, scope->flows[i]);
	close_spoofed(work);
	close_times(work);
	lasts = !is_past(work);
	for (day = work->low; day <= work->high; day++)
		close_day(work, day, lasts || day < work->window);
	for (day = work->low; day <= work->high; day++)
		work->slots[day] = (struct slot){0};
	work->sums->once += tally->seen > 0 && tally->seen <= 1 ? tally->seen : 0;
	add_tally(&work->sums->all, tally);
}

static uint32_t
source_at(const struct scenario *scenario, size_t i)
{
	return scenario->book->mail->flows[scenario->scope.flows[i]].source;
}

static size_t
count_sources(const struct scenario *scenario)
{
	size_t i, count = 0;

	for (i = 0; i < scenario->scope.count; i++)
		if (i == 0 || source_at(scenario, i) != source_at(scenario, i - 1))
			count++;
	return count;
}

void
sums_make(struct sums *sums, const struct scenario *scenario, struct arena *arena)
{
	const struct mail_view *mail = scenario->book->mail;
	struct work work = {
	    .scenario = scenario, .sums = sums, .window = mail->span.days, .inventory = mail->span.inventory};
	size_t i = 0;

	*sums = (struct sums){.count = 0};
	sums->tallies = arena_alloc(arena, (count_sources(scenario) + 1) * sizeof *sums->tallies);
	sums->days = arena_zero(arena, (size_t)(work.inventory + 1) * sizeof *sums->days);
	sums->by_reporter = arena_zero(arena, (mail->reporter_count + 1) * sizeof *sums->by_reporter);
	sums->all_by_reporter = arena_zero(arena, (mail->reporter_count + 1) * sizeof *sums->all_by_reporter);
	work.slots = arena_zero(arena, (size_t)(work.inventory + 1) * sizeof *work.slots);
	while (i < scenario->scope.count) {
		struct tally *tally = &sums->tallies[sums->count++];

		*tally = (struct tally){.source = source_at(scenario, i), .first = i, .worst = UINT32_MAX};
		tally->last = tally->last_failing = tally->first_failing = tally->last_passing = -1;
		while (i < scenario->scope.count && source_at(scenario, i) == tally->source)
			i++;
		tally->count = i - tally->first;
		work.tally = tally;
		close_source(&work);
	}
}

static void
add_clusters(struct stats_clusters *to, const struct stats_clusters *one)
{
	to->count += one->count;
	to->n += one->n;
	to->x += one->x;
	to->nn += one->nn;
	to->xx += one->xx;
	to->nx += one->nx;
}

struct stats_clusters
sums_clusters(const struct sums *sums, bool careful, int64_t from, int64_t to)
{
	struct stats_clusters all = {0};
	int64_t day;

	for (day = from; day <= to; day++)
		add_clusters(&all, careful ? &sums->days[day].careful : &sums->days[day].hopeful);
	return all;
}

struct stats_clusters
sums_lasting(const struct sums *sums, bool careful, int64_t from, int64_t to)
{
	struct stats_clusters all = {0};
	int64_t day;

	for (day = from; day <= to; day++)
		add_clusters(
		    &all, careful ? &sums->days[day].careful_lasting : &sums->days[day].hopeful_lasting);
	return all;
}
