/*
 * The days of a world: what each sender sends (entity_day, the same whenever it is asked), which receivers
 * get it, which of them report it, and what reporters make up.
 */
#include "base/mem.h"
#include "sim/world.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

/* What a draw is made for. */
enum purpose { FOR_SENDING = 1, FOR_SPLIT, FOR_REPORTING, FOR_WEIGHTS, FOR_LIES };

/* The look of mail of a mode, and of its residual that fails. */
static const struct {
	enum look good, bad;
} modes[MODES] = {
    [MODE_FULL] = {LOOK_FULL, LOOK_BROKEN_OWN},
    [MODE_FULL_ESP] = {LOOK_FULL_ESP, LOOK_BROKEN_ESP},
    [MODE_DKIM_ESP] = {LOOK_DKIM_ESP, LOOK_BROKEN_ESP},
    [MODE_DKIM_PERM] = {LOOK_DKIM_PERM, LOOK_BROKEN_OWN},
    [MODE_SPF] = {LOOK_SPF, LOOK_BROKEN_SPF},
    [MODE_SPF_BADKEY] = {LOOK_SPF_BADKEY, LOOK_BROKEN_OWN},
    [MODE_UNALIGNED] = {LOOK_UNALIGNED, LOOK_UNALIGNED},
    [MODE_BROKEN_OWN] = {LOOK_BROKEN_OWN, LOOK_BROKEN_OWN},
    [MODE_BROKEN_ESP] = {LOOK_BROKEN_ESP, LOOK_BROKEN_ESP},
    [MODE_PERM] = {LOOK_PERM, LOOK_PERM},
    [MODE_NOAUTH] = {LOOK_BROKEN_SPF, LOOK_BROKEN_SPF},
};

bool
entity_legitimate(const struct entity *entity)
{
	return entity->role <= ROLE_AGENCY;
}

enum state
entity_state(const struct entity *entity, int day)
{
	if (day >= entity->fixed)
		return STATE_REPAIRED;
	return day >= entity->turn && day < entity->back ? STATE_TURNED : STATE_FIRST;
}

static bool
sends(const struct entity *entity, int day)
{
	if (day < entity->start || day >= entity->end)
		return false;
	return entity->period == 0 || day % entity->period == entity->phase;
}

static uint64_t
volume(const struct entity *entity, struct draw *draw, int day)
{
	/* Day 0 is a Thursday. */
	bool weekend = (day + 4) % 7 >= 5 && (day + 4) % 7 <= 6;
	double mean = entity->volume * draw_range(draw, 0.7, 1.3);

	if (entity->period == 0 && entity_legitimate(entity))
		mean *= weekend ? 0.4 : 1.24;
	return draw_poisson(draw, mean);
}

/* n messages of one mode: through lists and forwarders, or straight. */
static void
divide(struct counts *counts, const struct entity *entity, struct draw *draw, uint64_t n, enum mode mode)
{
	enum look good = modes[mode].good;
	bool is_signed = good < LOOK_PASSES && good != LOOK_SPF && good != LOOK_SPF_BADKEY;
	bool carries = good < LOOK_PASSES && good != LOOK_SPF;
	uint64_t forwarded = carries || good == LOOK_SPF ? draw_binomial(draw, n, entity->forwarded) : 0;
	uint64_t listed = carries ? draw_binomial(draw, n - forwarded, entity->listed) : 0;
	uint64_t rewritten = draw_binomial(draw, forwarded, entity->rewritten);
	uint64_t kept = is_signed ? draw_binomial(draw, rewritten, entity->kept) : 0;
	uint64_t plain = forwarded - rewritten;
	uint64_t plain_kept = is_signed ? draw_binomial(draw, plain, entity->kept) : 0;
	uint64_t direct = n - forwarded - listed;
	uint64_t temporary = draw_binomial(draw, direct, good < LOOK_PASSES ? entity->temporary : 0);
	uint64_t bad = draw_burst(draw, direct - temporary, entity->residual, entity->intra);

	counts->look[LOOK_LIST] += listed;
	counts->look[LOOK_FORWARDED] += kept;
	counts->look[carries ? LOOK_DAMAGED : LOOK_UNSIGNED] += rewritten - kept;
	counts->look[LOOK_FORWARDED_PLAIN] += plain_kept;
	counts->look[carries ? LOOK_DAMAGED_PLAIN : LOOK_UNSIGNED] += plain - plain_kept;
	counts->look[LOOK_TEMP] += temporary;
	counts->look[modes[mode].bad] += bad;
	counts->look[good] += direct - temporary - bad;
}

static enum look
spoof_look(enum mode mode)
{
	switch (mode) {
	case MODE_UNALIGNED:
		return LOOK_SPOOF_SPF;
	case MODE_BROKEN_OWN:
		return LOOK_SPOOF_DKIM;
	case MODE_BROKEN_ESP:
		return LOOK_SPOOF_BOTH;
	default:
		return LOOK_SPOOF;
	}
}

struct counts
entity_day(const struct world *world, size_t index, int day, enum state state)
{
	const struct entity *entity = &world->entity[index];
	struct draw draw = draw_for(world->seed, index, (uint64_t)day, FOR_SENDING);
	struct counts counts = {0};

	if (!sends(entity, day))
		return counts;
	counts.sent = volume(entity, &draw, day);
	if (entity->role == ROLE_SPOOFER) {
		counts.look[spoof_look(entity->mode)] = counts.sent;
	} else if (state == STATE_TURNED) {
		uint64_t turned = draw_burst(&draw, counts.sent, entity->turned_share, 0.02);
		divide(&counts, entity, &draw, turned, entity->turned);
		divide(&counts, entity, &draw, counts.sent - turned, entity->mode);
	} else {
		divide(&counts, entity, &draw, counts.sent,
		    state == STATE_FIRST ? entity->mode : entity->repaired);
	}
	return counts;
}

static void
address_make(struct address *address, unsigned net, unsigned host)
{
	unsigned char ip[16] = {0x20, 0x01, 0x0d, 0xb8, (unsigned char)(net >> 24),
	    (unsigned char)(net >> 16), (unsigned char)(net >> 8), (unsigned char)net};

	ip[15] = (unsigned char)host;
	memcpy(address->ip, ip, sizeof(ip));
	inet_ntop(AF_INET6, ip, address->text, sizeof(address->text));
}

/* Each sender has a network of its own, each address of a spoofer, too. */
static void
addresses(struct world *world)
{
	struct draw draw = draw_for(world->seed, 0, 0, FOR_SENDING);
	size_t sum = 0;

	for (size_t i = 0; i < world->entity_count; i++)
		sum += world->entity[i].address_count;
	world->addresses = mem_zero(sum + 1, sizeof(*world->addresses));
	for (size_t i = 0; i < world->entity_count; i++) {
		struct entity *entity = &world->entity[i];
		entity->first_address = world->address_count;
		for (size_t j = 0; j < entity->address_count; j++) {
			unsigned net = (unsigned)(i + 1) << 16;
			if (entity->role == ROLE_SPOOFER)
				net = 0x80000000 | (unsigned)draw_whole(&draw, 0, 0x7fffffff);
			address_make(&world->addresses[world->address_count++], net, (unsigned)j + 1);
		}
	}
}

void
world_ready(struct world *world)
{
	addresses(world);
	for (size_t i = 0; i < world->entity_count; i++) {
		struct entity *entity = &world->entity[i];
		struct draw draw = draw_for(world->seed, i, 0, FOR_WEIGHTS);
		double rest = 1, sum;
		for (size_t r = 0; r < world->reporter_count; r++) {
			entity->weight[r] = world->reporter[r].share * draw_range(&draw, 0.4, 1.6);
			rest -= world->reporter[r].share;
		}
		sum = rest > 0 ? rest : 0;
		for (size_t r = 0; r < world->reporter_count; r++)
			sum += entity->weight[r];
		for (size_t r = 0; r < world->reporter_count; r++)
			entity->weight[r] /= sum;
	}
}

static void
row_add(struct world *world, const struct row *row)
{
	if (world->row_count == world->row_room) {
		world->row_room = world->row_room ? world->row_room * 2 : 4096;
		world->rows = mem_grow(world->rows, world->row_room * sizeof(*world->rows));
	}
	world->rows[world->row_count++] = *row;
}

/* The messages of one look that one reporter got, over some of the addresses. */
static void
tell(struct world *world, struct entity *entity, size_t reporter, enum look look, uint64_t messages, int day,
    struct draw *draw)
{
	const struct reporter *by = &world->reporter[reporter];
	bool on_way = look == LOOK_FORWARDED || look == LOOK_FORWARDED_PLAIN ||
		      (look >= LOOK_DAMAGED && look <= LOOK_LIST);
	const struct entity *from = !on_way             ? entity
				    : look == LOOK_LIST ? &world->entity[entity->list]
							: &world->entity[entity->forwarder];
	uint64_t parts = from->role == ROLE_SPOOFER ? 6 : from->role == ROLE_OWN ? 2 : 1;
	struct row row = {.reporter = (uint32_t)reporter,
	    .day = (int16_t)day,
	    .known = (int16_t)(day + by->lag),
	    .passes = look < LOOK_PASSES};

	row.facts = look_facts(
	    world, entity, look, (enum advice_policy)world->p[day], look == LOOK_LIST && by->tells_lists);
	if (parts > messages)
		parts = messages;
	for (uint64_t i = 0; i < parts; i++) {
		row.messages = messages / parts + (i < messages % parts);
		row.address = (uint32_t)(from->first_address +
					 (size_t)draw_whole(draw, 0, (int64_t)from->address_count - 1));
		row_add(world, &row);
	}
}

static void
entity_tell(struct world *world, size_t index, int day)
{
	struct entity *entity = &world->entity[index];
	struct counts counts = entity_day(world, index, day, entity_state(entity, day));
	struct draw draw = draw_for(world->seed, index, (uint64_t)day, FOR_SPLIT);

	for (int look = 0; look < LOOKS; look++) {
		uint64_t left = counts.look[look];
		double rest = 1;
		for (size_t r = 0; r < world->reporter_count && left > 0; r++) {
			double weight = entity->weight[r] / rest;
			uint64_t got = draw_binomial(&draw, left, weight < 1 ? weight : 1);
			rest -= entity->weight[r];
			left -= got;
			if (got > 0 && world->said[day][r])
				tell(world, entity, r, (enum look)look, got, day, &draw);
		}
	}
}

static void
lies_tell(struct world *world, int day)
{
	for (size_t i = 0; i < world->lie_count; i++) {
		const struct lie *lie = &world->lie[i];
		struct draw draw = draw_for(world->seed, i, (uint64_t)day, FOR_LIES);
		uint64_t messages = draw_poisson(&draw, lie->volume);
		if (day >= lie->start && day < lie->end && messages > 0 && world->said[day][lie->reporter])
			tell(world, &world->entity[lie->entity], (size_t)lie->reporter, lie->look, messages,
			    day, &draw);
	}
}

void
world_day(struct world *world, int day)
{
	world->day_row[day] = world->row_count;
	for (size_t r = 0; r < world->reporter_count; r++) {
		const struct reporter *by = &world->reporter[r];
		struct draw draw = draw_for(world->seed, r, (uint64_t)day, FOR_REPORTING);
		world->said[day][r] =
		    draw_chance(&draw, by->diligence) && (day < by->silent || day >= by->speaks);
	}
	for (size_t i = 0; i < world->entity_count; i++)
		if (world->entity[i].role != ROLE_FORWARDER && world->entity[i].role != ROLE_LIST &&
		    !(world->entity[i].role == ROLE_SPOOFER && world->without_spoof))
			entity_tell(world, i, day);
	lies_tell(world, day);
	world->day_row[day + 1] = world->row_count;
}

void
world_free(struct world *world)
{
	for (size_t i = 0; i < world->entity_count; i++)
		for (int state = 0; state < STATES; state++)
			free(world->entity[i].tally[state]);
	free(world->addresses);
	free(world->rows);
	free(world->marks);
	arena_free(&world->arena);
}
