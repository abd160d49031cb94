-- What bench/web reads of wrk: rate, median, 95th percentile, answers of 400 and above.
function done(summary, latency)
  print(string.format(
    "RESULT %.1f %.2f %.2f %d",
    summary.requests / (summary.duration / 1e6),
    latency:percentile(50) / 1000,
    latency:percentile(95) / 1000,
    summary.errors.status
  ))
end
