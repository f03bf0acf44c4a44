INSERT INTO failure (id, key, personal, arrival, place, domain, form, arrived, sent, source_ip, address, source_port, incidents,
    has_message, header_from, type, user_agent, version, mail_from, envelope_id, reporting_mta, auth_failure, delivery_result,
    identity_alignment, dkim_domain, dkim_identity, dkim_selector, sender, message_id, subject, reporter, authentic)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24, ?25, ?26,
    ?27, ?28, ?29, ?30, ?31, ?32)
