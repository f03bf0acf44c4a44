/* What is in the database on a day: rows and reports that had come by then, and the owner's decisions. */
#include "sim/judge.h"

#include <string.h>

static struct str
policy_text(unsigned char policy)
{
	return str_of(advice_policy_word((enum advice_policy)policy));
}

static int
newest(const struct world *world, int day)
{
	for (int at = day; at > 0; at--)
		for (size_t r = 0; r < world->reporter_count; r++)
			if (world->said[at][r] && at + world->reporter[r].lag <= day)
				return at;
	return 0;
}

static void
feed_reports(struct mail *mail, const struct world *world, const uint32_t *reporters, int first, int day)
{
	for (int at = first; at <= day; at++)
		for (size_t r = 0; r < world->reporter_count; r++) {
			struct mail_policy policy = {.p = policy_text(world->p[at])};
			if (!world->said[at][r] || at + world->reporter[r].lag > day)
				continue;
			if (world->sp[at] != world->p[at])
				policy.sp = policy_text(world->sp[at]);
			mail_report(
			    mail, SIM_EPOCH + at, reporters[r], world->reporter[r].authentic, &policy);
		}
}

static void
feed_rows(
    struct mail *mail, const struct world *world, const uint32_t *reporters, int first, int day, bool learn)
{
	for (size_t i = world->day_row[first]; i < world->row_count; i++) {
		const struct row *row = &world->rows[i];
		const struct address *address = &world->addresses[row->address];
		struct mail_row told = {.facts = row->facts,
		    .ip_text = str_of(address->text),
		    .ip = address->ip,
		    .day = SIM_EPOCH + row->day,
		    .reporter = reporters[row->reporter],
		    .authentic = world->reporter[row->reporter].authentic,
		    .messages = row->messages};
		if (row->known > day)
			continue;
		if (!learn)
			mail_add(mail, &told);
		else if (row->passes || mail_teaches(row->facts))
			mail_learn(mail, &told);
	}
}

struct mail *
feed_mail(const struct world *world, int day)
{
	struct mail_span span = {.days = 28, .inventory = 100, .memory = 180, .most = 1000};
	uint32_t reporters[SIM_REPORTERS];
	int as_of = newest(world, day);
	struct mail *mail;

	span.as_of = SIM_EPOCH + as_of;
	mail = mail_new(str_of("example.com"), world->senders, (struct modes){false, false}, &span);
	for (size_t r = 0; r < world->reporter_count; r++)
		reporters[r] = mail_reporter(mail, str_of(world->reporter[r].org));
	for (size_t i = 0; i < world->mark_count; i++)
		if (world->marks[i].from <= day)
			mail_decide(mail, world->marks[i].kind, str_of(world->marks[i].source),
			    world->marks[i].decision);
	feed_rows(mail, world, reporters, as_of >= 180 ? as_of - 179 : 0, day, true);
	feed_rows(mail, world, reporters, as_of >= 100 ? as_of - 99 : 0, day, false);
	feed_reports(mail, world, reporters, as_of >= 180 ? as_of - 179 : 0, day);
	mail_close(mail);
	return mail;
}

double
feed_pass_share(const struct world *world, int day, int days)
{
	double all = 0, pass = 0;

	for (size_t i = world->day_row[day >= days ? day - days + 1 : 0]; i < world->row_count; i++) {
		const struct row *row = &world->rows[i];
		if (row->known > day)
			continue;
		all += (double)row->messages;
		if (row->passes)
			pass += (double)row->messages;
	}
	return all > 0 ? pass / all : -1;
}
