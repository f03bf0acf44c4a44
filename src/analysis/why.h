/* why: the reason in plain words for which a record fails DMARC. Pure: a profile in, words out. */
#ifndef DMARCQ_ANALYSIS_WHY_H
#define DMARCQ_ANALYSIS_WHY_H

#include "report/profile.h"

enum { WHY_TEXT = 160 };
/*
 * "SPF does not list the server; no DKIM signature": what became of SPF and of DKIM, by the results that
 * source_spf and source_dkim pick. Names no domain, so that the same cause has the same words; its length.
 */
size_t why_words(char to[WHY_TEXT], const struct profile *profile);

#endif
