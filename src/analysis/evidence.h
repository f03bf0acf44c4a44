/* evidence: why a report is authenticated, or not, in words. Pure: what is known of its mail in, words out.
 */
#ifndef DMARCQ_ANALYSIS_EVIDENCE_H
#define DMARCQ_ANALYSIS_EVIDENCE_H

#include "report/authentic.h"

enum { EVIDENCE_TEXT = 1600 };

/*
 * "the mail is from example.com; mx.example.org says dmarc=pass for example.com; the report names
 * a@example.com". proof NULL: no mail carried it. email, org_name: of the report. The length.
 */
size_t evidence_words(
    char to[EVIDENCE_TEXT], const struct proof *proof, struct str email, struct str org_name);

#endif
