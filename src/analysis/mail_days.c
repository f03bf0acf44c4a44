/* mail_days: who reported on which days, and what was published on them. */
#include "analysis/mailing.h"

#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

enum {
	REPORTED = 1,
	AUTHENTIC = 2,
	POLICIES = 4000,  /* that are told apart, */
	OF_REPORTER = 20, /* and of one reporter; no domain has so many in half a year */
	VOTES = 2,        /* of a reporter for each day of the memory */
	POLICY_KEY = 600, /* bytes */
	TAG = 64,         /* bytes of a tag's value that count */
	POLICY_BITS = 12,
	REPORTER_BITS = 13,
	WORD_DAYS = 7, /* that what a reporter says holds, if it says nothing else */
};

/* Google, Microsoft, Yahoo, by the names that their reports bear. */
static bool
is_big(struct str org)
{
	static const char *const names[] = {"google.com", "google inc.", "outlook.com", "enterprise outlook",
	    "microsoft.com", "microsoft corporation", "microsoft corp.", "yahoo", "yahoo.com", "yahoo! inc.",
	    "yahoo inc.", "aol", "aol.com", "yahooinc.com"};
	size_t i;

	for (i = 0; i < sizeof names / sizeof *names; i++)
		if (text_same_nocase(org.data == NULL ? "" : org.data, org.len, names[i]))
			return true;
	return false;
}

uint32_t
mail_reporter(struct mail *mail, struct str org)
{
	struct str key = org.data != NULL ? org : str_of("");
	struct mail_reporter *reporter;
	int64_t number = intern_find(&mail->orgs, key);
	size_t cap = mail->reporter_cap;

	if (number == 0 && mail->orgs.count >= MAIL_REPORTERS)
		number = intern_find(&mail->orgs, str_of(""));
	if (number > 0)
		return (uint32_t)number - 1;
	if (mail->orgs.count == MAIL_REPORTERS - 1)
		key = str_of("");
	number = intern_number(&mail->orgs, key);
	if ((size_t)number <= mail->reporter_count)
		return (uint32_t)number - 1;
	mail->reporters =
	    mem_room(mail->reporters, &mail->reporter_cap, mail->reporter_count, sizeof *mail->reporters);
	if (cap != mail->reporter_cap) {
		mail->told = mem_grow(mail->told, mail->reporter_cap * sizeof *mail->told);
		mail->day_messages =
		    mem_grow(mail->day_messages, mail->reporter_cap * sizeof *mail->day_messages);
		mail->voters = mem_grow(mail->voters, mail->reporter_cap * sizeof *mail->voters);
	}
	reporter = &mail->reporters[mail->reporter_count];
	*reporter = (struct mail_reporter){.org = intern_text(&mail->orgs, number),
	    .big = is_big(key),
	    .first = INT64_MAX,
	    .last = INT64_MIN};
	mail->voters[mail->reporter_count] = (struct mail_voter){0, 0};
	mail->told[mail->reporter_count] = arena_zero(&mail->arena, (size_t)mail->span.days);
	mail->day_messages[mail->reporter_count] =
	    arena_zero(&mail->arena, (size_t)mail->span.inventory * sizeof(uint64_t));
	return (uint32_t)mail->reporter_count++;
}

static void
saw_reporter(struct mail_reporter *reporter, int64_t day)
{
	reporter->first = day < reporter->first ? day : reporter->first;
	reporter->last = day > reporter->last ? day : reporter->last;
}

void
mail_reporter_seen(struct mail *mail, const struct mail_row *row)
{
	struct mail_reporter *reporter = &mail->reporters[row->reporter];
	int64_t before = mail->span.as_of - row->day;

	saw_reporter(reporter, row->day);
	mail->day_messages[row->reporter][before] += row->messages;
	if (before < mail->span.days)
		reporter->messages += row->messages;
}

/* ---- policies ---- */

static struct str *
tag(struct mail_policy *policy, size_t i)
{
	struct str *const tags[] = {&policy->p, &policy->sp, &policy->np, &policy->adkim, &policy->aspf,
	    &policy->pct, &policy->fo, &policy->testing};

	return i < sizeof tags / sizeof *tags ? tags[i] : NULL;
}

/* 0: it has none, and gets none. */
static uint32_t
policy_number(struct mail *mail, const struct mail_policy *policy, bool may_add)
{
	char key[POLICY_KEY];
	struct mail_policy copy = *policy;
	struct str *text;
	size_t len = 0, i, part;
	int64_t number;

	for (i = 0; (text = tag(&copy, i)) != NULL; i++) {
		key[len++] = text->data == NULL ? '-' : '=';
		part = text->data == NULL ? 0 : text->len < TAG ? text->len : TAG;
		if (part > 0)
			memcpy(key + len, text->data, part);
		len += part;
		key[len++] = '\0';
	}
	number = intern_find(&mail->policy_keys, (struct str){key, len});
	if (number > 0 || !may_add || mail->policy_keys.count >= POLICIES)
		return (uint32_t)number;
	number = intern_number(&mail->policy_keys, (struct str){key, len});
	for (i = 0; (text = tag(&copy, i)) != NULL; i++)
		*text = arena_str(&mail->arena, *text);
	mail->policies =
	    mem_room(mail->policies, &mail->policy_cap, (size_t)number - 1, sizeof *mail->policies);
	mail->policies[number - 1] = copy;
	mail->policy_count = (size_t)number;
	return (uint32_t)number;
}

/* Whether it was not told yet; from now on it was. */
static bool
is_news(struct mail *mail, int64_t before, uint32_t policy, uint32_t reporter)
{
	int64_t key = before, known;

	key = key << POLICY_BITS | policy;
	key = (key << REPORTER_BITS | reporter) + 1;
	if (intmap_get(&known, &mail->voted, key))
		return false;
	intmap_put(&mail->voted, key, 1);
	return true;
}

/* One reporter can't use up what is there for all. */
static void
vote(struct mail *mail, int64_t before, int64_t day, uint32_t reporter, const struct mail_policy *policy)
{
	struct mail_voter *voter = &mail->voters[reporter];
	uint32_t number = policy_number(mail, policy, voter->policies < OF_REPORTER);

	if (number == 0 || voter->votes >= VOTES * mail->span.memory ||
	    mail->vote_count >= MAIL_MANY * mail->span.most || !is_news(mail, before, number, reporter))
		return;
	voter->votes++;
	voter->policies += is_news(mail, mail->span.memory, number, reporter);
	mail->votes = mem_room(mail->votes, &mail->vote_cap, mail->vote_count, sizeof *mail->votes);
	mail->votes[mail->vote_count++] = (struct mail_vote){day, number - 1, reporter};
}

void
mail_report(
    struct mail *mail, int64_t day, uint32_t reporter, bool authentic, const struct mail_policy *policy)
{
	int64_t before = mail->span.as_of - day;

	if (before < 0 || before >= mail->span.memory)
		return;
	mail_saw(mail, day);
	saw_reporter(&mail->reporters[reporter], day);
	if (before < mail->span.inventory)
		mail->reported[before] = true;
	if (before < mail->span.days) {
		mail->told[reporter][before] |= (unsigned char)(REPORTED | (authentic ? AUTHENTIC : 0));
		mail->has_authentic = mail->has_authentic || authentic;
	}
	vote(mail, before, day, reporter, policy);
}

static int
order_of(int64_t a, int64_t b)
{
	return (a > b) - (a < b);
}

static int
compare_votes(const void *left, const void *right)
{
	const struct mail_vote *a = left, *b = right;
	int order = order_of(a->day, b->day);

	return order != 0 ? order : order_of(a->policy, b->policy);
}

static int
strictness(struct str p)
{
	return str_eq(p, "reject") ? 3 : str_eq(p, "quarantine") ? 2 : str_eq(p, "none") ? 1 : 0;
}

/* What speaks for a policy on a day. */
struct standing {
	uint32_t policy;
	uint64_t voices, messages;
	bool firm;
};

static bool
stands_before(const struct mail *mail, const struct standing *a, const struct standing *b)
{
	int order;

	if (a->voices != b->voices || a->messages != b->messages)
		return a->voices != b->voices ? a->voices > b->voices : a->messages > b->messages;
	order = strictness(mail->policies[a->policy].p) - strictness(mail->policies[b->policy].p);
	if (order == 0) { /* whatever came first */
		struct str x = intern_text(&mail->policy_keys, (int64_t)a->policy + 1);
		struct str y = intern_text(&mail->policy_keys, (int64_t)b->policy + 1);

		order = memcmp(x.data, y.data, x.len < y.len ? x.len : y.len);
	}
	return order > 0;
}

/* What a reporter said last: on which day, and since when it says so. */
struct word {
	uint32_t policy;
	int64_t since, day;
	bool spoke;
};

/* Of several words of a day the one counts that would win by itself, whatever their order. */
static void
hear(struct word *word, const struct mail *mail, const struct mail_vote *vote)
{
	struct standing now = {.policy = vote->policy}, before = {.policy = word->policy};

	if (word->spoke && word->policy == vote->policy) {
		word->day = vote->day;
		return;
	}
	if (word->spoke && word->day == vote->day && !stands_before(mail, &now, &before))
		return;
	*word = (struct word){vote->policy, vote->day, vote->day, true};
}

/* Reporters' words of the last days, added up by policy. One report moves nothing: a policy needs two
 * reporters, or one that says so on two days. */
static uint32_t
policy_on(const struct mail *mail, const struct word *words, struct standing *standing, int64_t day,
    uint32_t policy, bool has_policy)
{
	struct standing *best = NULL;
	bool firm = false;
	size_t i;

	for (i = 0; i < mail->policy_count; i++)
		standing[i] = (struct standing){.policy = (uint32_t)i};
	for (i = 0; i < mail->reporter_count; i++) {
		struct standing *to = &standing[words[i].policy];
		int64_t before = mail->span.as_of - words[i].day;

		if (!words[i].spoke || day - words[i].day >= WORD_DAYS)
			continue;
		to->voices++;
		to->firm = to->firm || to->voices > 1 || words[i].since < words[i].day;
		if (before < mail->span.inventory)
			to->messages += mail->day_messages[i][before];
	}
	for (i = 0; i < mail->policy_count; i++)
		firm = firm || standing[i].firm;
	for (i = 0; i < mail->policy_count; i++)
		if (standing[i].voices > 0 && (standing[i].firm || !firm) &&
		    (best == NULL || stands_before(mail, &standing[i], best)))
			best = &standing[i];
	return best != NULL && (best->firm || !has_policy) ? best->policy : policy;
}

static void
publish(struct mail *mail, int64_t day, uint32_t policy, uint32_t *last)
{
	struct mail_published *newest =
	    mail->published_count > 0 ? &mail->published[mail->published_count - 1] : NULL;

	if (newest != NULL && *last == policy) {
		newest->first = day;
		return;
	}
	mail->published[mail->published_count++] = (struct mail_published){day, day, mail->policies[policy]};
	*last = policy;
}

static void
find_published(struct mail *mail)
{
	struct word *words = mem_zero(mail->reporter_count + 1, sizeof *words);
	struct standing *standing = mem_zero(mail->policy_count + 1, sizeof *standing);
	struct mail_vote *days = mem_zero(mail->vote_count + 1, sizeof *days);
	uint32_t last = 0;
	size_t i, count = 0;

	if (mail->vote_count > 0)
		qsort(mail->votes, mail->vote_count, sizeof *mail->votes, compare_votes);
	for (i = 0; i < mail->vote_count; i++) {
		const struct mail_vote *vote = &mail->votes[i];

		hear(&words[vote->reporter], mail, vote);
		if (i + 1 < mail->vote_count && vote[1].day == vote->day)
			continue;
		last = policy_on(mail, words, standing, vote->day, last, count > 0);
		days[count++] = (struct mail_vote){.day = vote->day, .policy = last};
	}
	mail->published = mem_zero(count + 1, sizeof *mail->published);
	for (i = count; i > 0; i--)
		publish(mail, days[i - 1].day, days[i - 1].policy, &last);
	free(words);
	free(standing);
	free(days);
}

void
mail_days_close(struct mail *mail)
{
	size_t i;
	int64_t day;

	for (i = 0; i < mail->reporter_count; i++)
		for (day = 0; day < mail->span.days; day++) {
			mail->reporters[i].days += (mail->told[i][day] & REPORTED) != 0;
			mail->reporters[i].authentic_days += (mail->told[i][day] & AUTHENTIC) != 0;
		}
	find_published(mail);
}

void
mail_days_free(struct mail *mail)
{
	intern_free(&mail->orgs);
	intern_free(&mail->policy_keys);
	intmap_free(&mail->voted);
	free(mail->reporters);
	free(mail->voters);
	free(mail->told);
	free(mail->day_messages);
	free(mail->policies);
	free(mail->votes);
	free(mail->published);
	free(mail->reported);
}
