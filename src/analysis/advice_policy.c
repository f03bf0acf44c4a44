/*
 * advice_policy: the policy that reports tell of, as receivers act on it. What is published next is
 * advice_record.c's.
 */
#include "analysis/advice_work.h"

static const char *const policy_words[] = {"none", "quarantine", "reject"};

enum { POLICIES = sizeof policy_words / sizeof *policy_words };

const char *
advice_policy_word(enum advice_policy policy)
{
	return policy < POLICY_UNTOLD ? policy_words[policy] : "unknown";
}

enum advice_policy
policy_of(struct str word)
{
	int i;

	for (i = 0; i < POLICIES; i++)
		if (word.data != NULL && str_eq(word, policy_words[i]))
			return (enum advice_policy)i;
	return POLICY_UNTOLD;
}

int64_t
policy_pct(const struct mail_policy *policy)
{
	int64_t pct;

	if (policy->pct.data == NULL || !text_i64(&pct, policy->pct.data, policy->pct.len, 0, POLICY_ALL))
		return POLICY_ALL;
	return pct;
}

enum advice_policy
policy_handled(enum advice_policy policy, const struct mail_policy *tags)
{
	bool milder = str_eq(tags->testing, "y") || policy_pct(tags) == 0;

	return milder && (policy == POLICY_QUARANTINE || policy == POLICY_REJECT)
		   ? (enum advice_policy)(policy - 1)
		   : policy;
}

enum advice_policy
policy_below(const struct mail_policy *policy)
{
	enum advice_policy sp = policy_of(policy->sp);

	return policy_handled(sp != POLICY_UNTOLD ? sp : policy_of(policy->p), policy);
}

enum advice_policy
policy_nowhere(const struct mail_policy *policy)
{
	enum advice_policy np = policy_of(policy->np);

	return np != POLICY_UNTOLD ? policy_handled(np, policy) : policy_below(policy);
}

bool
policy_hits(enum advice_policy policy)
{
	return policy == POLICY_QUARANTINE || policy == POLICY_REJECT;
}

bool
policy_is_milder(const struct mail_policy *tags)
{
	return policy_handled(policy_of(tags->p), tags) != policy_of(tags->p);
}

/* What is no policy is read as none (RFC 9989 s. 4.10.1). */
static enum advice_policy
level_of(const struct mail_policy *policy, bool *partial)
{
	enum advice_policy level = policy_handled(policy_of(policy->p), policy);
	int64_t pct = policy_pct(policy);

	level = level == POLICY_UNTOLD ? POLICY_NONE : level;
	*partial = level != POLICY_NONE && pct > 0 && pct < POLICY_ALL;
	return level;
}

struct policy_state
policy_state(const struct mail_view *mail)
{
	struct policy_state state = {.from = POLICY_UNTOLD, .to = POLICY_UNTOLD};
	size_t i;

	for (i = 0; i < mail->published_count; i++) {
		const struct mail_published *published = &mail->published[i];
		bool partial;
		enum advice_policy level;

		if (published->policy.p.data == NULL)
			continue;
		level = level_of(&published->policy, &partial);
		if (state.seen == NULL) {
			state.seen = &published->policy;
			state.from = level;
			state.partial = partial;
		} else if (level != state.from || partial != state.partial) {
			break;
		}
		state.since = published->first;
	}
	if (state.seen != NULL)
		state.to = state.from == POLICY_NONE ? POLICY_QUARANTINE : POLICY_REJECT;
	return state;
}
