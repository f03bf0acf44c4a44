/* cast: the people of a scenario: senders, spoofers, reporters and owner as they usually are. */
#ifndef DMARCQ_SIM_CAST_H
#define DMARCQ_SIM_CAST_H

#include "sim/world.h"

/* Own servers, reporters with their habits, an owner, a policy to begin with; total messages a day. */
void cast_base(struct world *world, struct draw *draw, double least, double most);
/* All mail a day until now. */
double cast_volume(const struct world *world);
/* A sender whose mail is a share of what there is then. */
struct entity *cast_sender(
    struct world *world, struct draw *draw, enum role role, enum mode mode, double share);
/* A known service; aligned or not. share: drawn between least and most. */
struct entity *cast_service(struct world *world, struct draw *draw, bool aligned, double least, double most);
/* Makes it send once in so many days; its share of all mail stays. */
void cast_period(struct world *world, struct draw *draw, struct entity *entity, int days);
/* From a day on it is turned, for good or for a while. */
void cast_turn(struct draw *draw, struct entity *entity, enum mode turned);
/* Waves of spoofing: NOAUTH, UNALIGNED (an organisation of theirs), BROKEN_OWN (a forged signature),
 * BROKEN_ESP (both). */
void cast_waves(struct world *world, struct draw *draw, enum mode mode, int waves);

#endif
