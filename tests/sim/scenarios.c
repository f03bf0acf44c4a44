/* The scenarios, one function each. To add one: a function and a line in the table at the end. */
#include "sim/cast.h"

static void
make_healthy(struct world *world, struct draw *draw)
{
	cast_base(world, draw, 50, 5000);
}

static void
make_aligned(struct world *world, struct draw *draw)
{
	cast_base(world, draw, 50, 5000);
	cast_service(world, draw, true, .02, .5);
	cast_service(world, draw, true, .005, .3);
}

static void
make_unaligned_small(struct world *world, struct draw *draw)
{
	cast_base(world, draw, 50, 5000);
	cast_service(world, draw, true, .02, .5);
	cast_service(world, draw, false, .0005, .02);
}

static void
make_unaligned_large(struct world *world, struct draw *draw)
{
	cast_base(world, draw, 50, 5000);
	cast_service(world, draw, false, .02, .5);
}

static void
make_agency(struct world *world, struct draw *draw)
{
	cast_base(world, draw, 50, 5000);
	cast_sender(world, draw, ROLE_AGENCY, MODE_UNALIGNED, draw_scale(draw, .001, .1));
}

/* A sender of every so many days: by DKIM, by SPF alone, not aligned. */
static void
seldom(struct world *world, struct draw *draw, int days)
{
	double share = draw_scale(draw, .0005, .1);
	struct entity *entity;

	cast_base(world, draw, 50, 5000);
	switch (draw_whole(draw, 0, 3)) {
	case 0:
		entity = cast_service(world, draw, true, share, share);
		break;
	case 1:
		entity = cast_sender(world, draw, ROLE_OWN, MODE_SPF, share);
		entity->repaired = MODE_FULL;
		break;
	case 2:
		entity = cast_service(world, draw, false, share, share);
		break;
	default:
		entity = cast_sender(world, draw, ROLE_AGENCY, MODE_UNALIGNED, share);
	}
	cast_period(world, draw, entity, days);
}

static void
make_monthly(struct world *world, struct draw *draw)
{
	seldom(world, draw, 30);
}

static void
make_quarterly(struct world *world, struct draw *draw)
{
	seldom(world, draw, 91);
}

static void
make_forwards(struct world *world, struct draw *draw)
{
	cast_base(world, draw, 50, 5000);
	for (size_t i = 0; i < world->entity_count; i++) {
		world->entity[i].forwarded = draw_scale(draw, .005, .1);
		world->entity[i].kept = draw_range(draw, .7, 1);
	}
}

static void
make_lists(struct world *world, struct draw *draw)
{
	cast_base(world, draw, 50, 5000);
	for (size_t i = 0; i < world->entity_count; i++)
		world->entity[i].listed = draw_scale(draw, .0005, .05);
}

/* The key of an own server or of a service is replaced, and its record isn't. */
static void
make_rotation(struct world *world, struct draw *draw)
{
	struct entity *entity;

	cast_base(world, draw, 50, 5000);
	entity = cast_service(world, draw, true, .02, .5);
	if (draw_chance(draw, .5))
		cast_turn(draw, entity, MODE_BROKEN_ESP);
	else
		cast_turn(draw, &world->entity[2], draw_chance(draw, .5) ? MODE_BROKEN_OWN : MODE_SPF_BADKEY);
}

/* One include too many: SPF is a permerror for all that rest on it. */
static void
make_lookups(struct world *world, struct draw *draw)
{
	struct entity *entity;

	cast_base(world, draw, 50, 5000);
	entity = cast_sender(world, draw, ROLE_OWN, MODE_SPF, draw_scale(draw, .005, .4));
	entity->repaired = MODE_FULL;
	cast_turn(draw, entity, MODE_PERM);
	entity->turned_share = 1;
	world->entity[2].turned = MODE_DKIM_PERM;
	world->entity[2].turn = entity->turn;
	world->entity[2].back = entity->back;
}

static void
make_spoofed(struct world *world, struct draw *draw)
{
	cast_base(world, draw, 50, 5000);
	cast_waves(world, draw, MODE_NOAUTH, (int)draw_whole(draw, 1, 4));
}

static void
make_spoofed_spf(struct world *world, struct draw *draw)
{
	cast_base(world, draw, 50, 5000);
	cast_waves(world, draw, MODE_UNALIGNED, (int)draw_whole(draw, 1, 4));
}

static void
make_spoofed_dkim(struct world *world, struct draw *draw)
{
	cast_base(world, draw, 50, 5000);
	cast_waves(world, draw, MODE_BROKEN_OWN, (int)draw_whole(draw, 1, 3));
	cast_waves(world, draw, MODE_BROKEN_ESP, (int)draw_whole(draw, 0, 1));
}

static struct lie *
liar(struct world *world, struct draw *draw, int entity, enum look look)
{
	struct lie *lie = &world->lie[world->lie_count++];
	double volume = cast_volume(world);

	*lie = (struct lie){.reporter = (int)world->reporter_count - 1,
	    .entity = entity,
	    .look = look,
	    .volume = volume * draw_scale(draw, .05, 20),
	    .end = SIM_ALL};
	world->reporter[lie->reporter].diligence = 1;
	world->reporter[lie->reporter].authentic = draw_chance(draw, .5) && world->reporter[0].authentic;
	return lie;
}

static void
make_liar_failing(struct world *world, struct draw *draw)
{
	cast_base(world, draw, 50, 5000);
	liar(world, draw, 2, LOOK_BROKEN_OWN)->start = (int)draw_whole(draw, 0, SIM_DAYS - 60);
}

/* A service is not aligned, and somebody says that it is. */
static void
make_liar_passing(struct world *world, struct draw *draw)
{
	cast_base(world, draw, 50, 5000);
	cast_service(world, draw, false, .005, .3);
	liar(world, draw, (int)world->entity_count - 1, LOOK_DKIM_ESP);
}

static void
make_silent(struct world *world, struct draw *draw)
{
	cast_base(world, draw, 50, 5000);
	cast_service(world, draw, draw_chance(draw, .6), .005, .3);
	for (size_t i = 0; i < world->reporter_count; i++)
		if (draw_chance(draw, .5)) {
			world->reporter[i].silent = (int)draw_whole(draw, 0, SIM_DAYS);
			world->reporter[i].speaks = world->reporter[i].silent + (int)draw_whole(draw, 5, 120);
		}
}

/* Mail of one own server fails now and then, near the limits. */
static void
bursts(struct world *world, struct draw *draw, double intra)
{
	cast_base(world, draw, 50, 5000);
	for (size_t i = 2; i < world->entity_count; i++) {
		world->entity[i].residual = draw_scale(draw, .0005, .06);
		world->entity[i].intra = intra;
	}
}

static void
make_bursts_0(struct world *world, struct draw *draw)
{
	bursts(world, draw, 0);
}

static void
make_bursts_05(struct world *world, struct draw *draw)
{
	bursts(world, draw, .05);
}

static void
make_bursts_10(struct world *world, struct draw *draw)
{
	bursts(world, draw, .1);
}

static void
make_bursts_30(struct world *world, struct draw *draw)
{
	bursts(world, draw, .3);
}

static void
make_low(struct world *world, struct draw *draw)
{
	cast_base(world, draw, .5, 20);
	if (draw_chance(draw, .5))
		cast_service(world, draw, draw_chance(draw, .5), .02, .5);
	for (size_t i = 2; i < world->entity_count; i++)
		world->entity[i].residual = draw_scale(draw, .0001, .05);
}

static void
make_few_reporters(struct world *world, struct draw *draw)
{
	cast_base(world, draw, 50, 5000);
	cast_service(world, draw, draw_chance(draw, .6), .005, .3);
	world->reporter_count = (size_t)draw_whole(draw, 1, 3);
}

static void
make_below(struct world *world, struct draw *draw)
{
	cast_base(world, draw, 50, 5000);
	cast_service(world, draw, draw_chance(draw, .4), .01, .5)->below = true;
}

/* A machine of the owner's that nobody thought of: no signature, not in SPF, never passed. */
static void
make_forgotten(struct world *world, struct draw *draw)
{
	struct entity *entity;

	cast_base(world, draw, 50, 5000);
	entity = cast_sender(world, draw, ROLE_OWN, MODE_NOAUTH, draw_scale(draw, .001, .1));
	entity->repaired = MODE_FULL;
	entity->address_count = 1;
}

/* Someone new starts to send. */
static void
newcomer(struct world *world, struct draw *draw)
{
	struct entity *entity = cast_service(world, draw, draw_chance(draw, .5), .002, .2);

	entity->start = (int)draw_whole(draw, 10, SIM_DAYS - 30);
}

/* Everything, as often as it is in life. */
static void
make_mixture(struct world *world, struct draw *draw)
{
	cast_base(world, draw, 20, 10000);
	for (size_t i = 2; i < world->entity_count; i++)
		if (draw_chance(draw, .3))
			world->entity[i].listed = draw_scale(draw, .0002, .01);
	for (int i = (int)draw_whole(draw, 0, 3); i > 0; i--)
		cast_service(world, draw, draw_chance(draw, .65), .002, .4)->below = draw_chance(draw, .2);
	if (draw_chance(draw, .2))
		cast_sender(world, draw, ROLE_AGENCY, MODE_UNALIGNED, draw_scale(draw, .001, .05));
	if (draw_chance(draw, .3))
		cast_period(world, draw, cast_service(world, draw, draw_chance(draw, .6), .001, .05),
		    draw_chance(draw, .7) ? 30 : 91);
	if (draw_chance(draw, .15))
		cast_turn(draw, &world->entity[world->entity_count - 1],
		    world->entity[world->entity_count - 1].role == ROLE_OWN ? MODE_SPF_BADKEY
									    : MODE_BROKEN_ESP);
	if (draw_chance(draw, .15))
		cast_sender(world, draw, ROLE_OWN, MODE_SPF, draw_scale(draw, .002, .1))->repaired =
		    MODE_FULL;
	if (draw_chance(draw, .1))
		newcomer(world, draw);
	if (draw_chance(draw, .6))
		cast_waves(world, draw, MODE_NOAUTH, (int)draw_whole(draw, 1, 3));
	if (draw_chance(draw, .15))
		cast_waves(world, draw, MODE_UNALIGNED, 1);
	if (draw_chance(draw, .1))
		cast_waves(world, draw, MODE_BROKEN_OWN, 1);
}

const struct scenario scenarios[] = {
    {"healthy", "own servers, healthy", make_healthy, false, 1},
    {"aligned", "services, aligned", make_aligned, false, 1},
    {"unaligned-small", "a service not aligned, up to 2 %", make_unaligned_small, false, 1},
    {"unaligned-large", "a service not aligned, from 2 %", make_unaligned_large, false, 1},
    {"agency", "an own sender that nobody knows", make_agency, false, 1},
    {"monthly", "a monthly sender", make_monthly, false, 1},
    {"quarterly", "a quarterly sender", make_quarterly, false, 1},
    {"forwards", "forwarders", make_forwards, false, 1},
    {"lists", "mailing lists", make_lists, false, 1},
    {"rotation", "a key rotation gone wrong", make_rotation, false, 1},
    {"lookups", "SPF over ten lookups", make_lookups, false, 1},
    {"spoofed", "spoofing waves", make_spoofed, true, 1},
    {"spoofed-spf", "spoofing that passes SPF elsewhere", make_spoofed_spf, true, 1},
    {"spoofed-dkim", "spoofing with a forged signature", make_spoofed_dkim, true, 1},
    {"liar-failing", "a reporter makes up failing mail", make_liar_failing, false, 1},
    {"liar-passing", "a reporter makes up passing mail", make_liar_passing, false, 1},
    {"silent", "reporters fall silent", make_silent, false, 1},
    {"bursts-0", "failing at random", make_bursts_0, false, 1},
    {"bursts-05", "failing in bursts, correlation 0.05", make_bursts_05, false, 1},
    {"bursts-10", "failing in bursts, correlation 0.1", make_bursts_10, false, 1},
    {"bursts-30", "failing in bursts, correlation 0.3", make_bursts_30, false, 1},
    {"low", "low volume", make_low, false, 1},
    {"few-reporters", "one to three reporters", make_few_reporters, false, 1},
    {"below", "a service below the domain", make_below, false, 1},
    {"forgotten", "a forgotten machine, never passed", make_forgotten, false, 1},
    {"mixture", "all together, as in life", make_mixture, false, 4},
};
const size_t scenario_count = sizeof(scenarios) / sizeof(scenarios[0]);
