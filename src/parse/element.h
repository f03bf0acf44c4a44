/* element: the elements of an aggregate report and which may stand in which. */
#ifndef DMARCQ_PARSE_ELEMENT_H
#define DMARCQ_PARSE_ELEMENT_H

#include "base/text.h"

enum element {
	EL_UNKNOWN,
	EL_DOCUMENT, /* what the root element stands in */
	EL_FEEDBACK,
	EL_VERSION,
	EL_METADATA,
	EL_ORG_NAME,
	EL_EMAIL,
	EL_CONTACT,
	EL_REPORT_ID,
	EL_DATE_RANGE,
	EL_BEGIN,
	EL_END,
	EL_ERROR,
	EL_GENERATOR,
	EL_POLICY,
	EL_POLICY_DOMAIN,
	EL_P,
	EL_SP,
	EL_NP,
	EL_ADKIM,
	EL_ASPF,
	EL_PCT,
	EL_FO,
	EL_TESTING,
	EL_DISCOVERY,
	EL_EXTENSION,
	EL_RECORD,
	EL_ROW,
	EL_SOURCE_IP,
	EL_COUNT,
	EL_EVALUATED,
	EL_DISPOSITION,
	EL_EVALUATED_DKIM,
	EL_EVALUATED_SPF,
	EL_REASON,
	EL_REASON_TYPE,
	EL_REASON_COMMENT,
	EL_IDENTIFIERS,
	EL_ENVELOPE_TO,
	EL_ENVELOPE_FROM,
	EL_HEADER_FROM,
	EL_RESULTS,
	EL_DKIM,
	EL_SPF,
	EL_DOMAIN,
	EL_SELECTOR,
	EL_SCOPE,
	EL_RESULT,
	EL_HUMAN,
};

/* What an element of this name is inside parent, whatever its letter case; EL_UNKNOWN when it has no business
 * there. */
enum element element_find(enum element parent, struct str name);
/* True for an element that holds text and no elements. */
bool element_is_leaf(enum element element);
/* True when the name is one that stands for another ("identities"). */
bool element_is_misnamed(enum element element, struct str name);

#endif
