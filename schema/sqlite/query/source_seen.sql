-- Whether a report ever had this address, or one of this network. Who marks before the first report knows that there was none.
SELECT NOT EXISTS (SELECT 1 FROM report) OR EXISTS (
    SELECT 1 FROM ip
    WHERE CASE WHEN :kind = 'address' THEN text = :sender ELSE address BETWEEN :low AND :high END
)
