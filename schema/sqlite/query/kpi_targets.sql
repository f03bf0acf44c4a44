-- The targets as they were given, so that who reads an answer knows what it was judged by.
SELECT :target_spf_pass, 1000000, :target_spf_aligned, 1000000, :target_dkim_signed, 1000000, :target_dkim_aligned, 1000000,
    :target_dmarc_pass, 1000000, :target_newest_week, 1000000, :target_policy_acted, 1000000, :target_forwarded, 1000000, :target_days_reported, 1000000, :target_silent_days
