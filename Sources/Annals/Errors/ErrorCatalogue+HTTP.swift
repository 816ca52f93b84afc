// MARK: E18, HTTP

extension ErrorCode {
  var httpEntry: ErrorEntry {
    switch self {
    case .unauthorized:
      ErrorEntry(
        self, "A valid token is needed",
        "The request needs a bearer token, or names one that the server does not know.",
        "Send  Authorization: Bearer TOKEN  with a token of the server's token file.")
    case .forbidden:
      ErrorEntry(
        self, "Not allowed",
        "The token does not have the scope that the request needs, or the request comes from another "
          + "site.",
        "Use a token with the scope that the message names, and ask from the server's own address.")
    case .noResource:
      ErrorEntry(
        self, "No such resource", "Nothing is served at this path.",
        "Compare the path with the list of paths at /docs.")
    case .methodNotAllowed:
      ErrorEntry(
        self, "Method not allowed", "The resource does not take this method.",
        "Use one of the methods in the header Allow.")
    case .notAcceptable:
      ErrorEntry(
        self, "Not acceptable",
        "The resource has none of the media types that the request accepts.",
        "Accept one of the media types that the message lists.")
    case .unsupportedMediaType:
      ErrorEntry(
        self, "Unsupported media type",
        "The body has no Content-Type, or one that the resource does not read.",
        "Send one of the media types that the message lists.")
    case .bodyTooLarge:
      ErrorEntry(
        self, "Body too large", "The body of the request is longer than the server takes.",
        "Send fewer events at a time. Large files are imported on the command line.")
    case .tooManyRequests:
      ErrorEntry(
        self, "Too many requests",
        "The server answers as many requests at a time as it is allowed to.",
        "Wait as long as the header Retry-After says. To read the whole record, ask once for "
          + "/api/v1/export instead of for many events.")
    default:
      ErrorEntry(
        self, "Malformed request",
        "The path, the query or a header of the request cannot be read.",
        "Send the path and the query as UTF-8 with percent signs (RFC 3986).")
    }
  }
}
