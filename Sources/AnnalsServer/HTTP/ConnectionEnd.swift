#if Serve
import NIOCore
import NIOHTTP1

/// Ends a connection after the answer where the client expects that, or where nothing more could be read.
///
/// Hummingbird keeps a connection open unless a request says `Connection: close` in just these letters. A
/// client of HTTP/1.0 says nothing and waits for the end; and behind an offer of another protocol, such as
/// HTTP/2, the decoder of NIO reads no further request.
final class ConnectionEnd: ChannelInboundHandler, RemovableChannelHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias InboundOut = HTTPServerRequestPart

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard case .head(var head) = unwrapInboundIn(data),
      !head.isKeepAlive || head.headers.contains(name: "Upgrade")
    else { return context.fireChannelRead(data) }
    head.headers.replaceOrAdd(name: "Connection", value: "close")
    context.fireChannelRead(wrapInboundOut(.head(head)))
  }

  /// Puts the handler where requests are still those of HTTP/1: Hummingbird adds handlers further on.
  final class Setup: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = NIOAny

    func handlerAdded(context: ChannelHandlerContext) {
      let pipeline = context.pipeline.syncOperations
      do {
        let decoder = try pipeline.handler(type: ByteToMessageHandler<HTTPRequestDecoder>.self)
        try pipeline.addHandler(ConnectionEnd(), position: .after(decoder))
      } catch {
        context.fireErrorCaught(error)
      }
    }
  }
}
#endif
