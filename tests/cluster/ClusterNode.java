import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.opensearch.common.settings.Settings;
import org.opensearch.env.Environment;
import org.opensearch.node.InternalSettingsPreparer;
import org.opensearch.node.Node;
import org.opensearch.transport.Netty4Plugin;

/**
 * One OpenSearch node in this process, from the jars on the class path: the server and its HTTP and transport module.
 *
 * <p>Arguments are settings, "name=value". It ends when its standard input does, so that no node outlives the one who
 * started it.
 */
public final class ClusterNode extends Node {
    private ClusterNode(Environment environment) {
        super(environment, List.of(Netty4Plugin.class), true);
    }

    public static void main(String[] arguments) throws Exception {
        Settings.Builder settings = Settings.builder();
        for (String argument : arguments) {
            int equals = argument.indexOf('=');
            settings.put(argument.substring(0, equals), argument.substring(equals + 1));
        }
        Path home = Path.of(settings.get("path.home"));
        Environment environment = InternalSettingsPreparer.prepareEnvironment(
            settings.build(), Map.of(), home.resolve("config"), () -> "node");
        Node node = new ClusterNode(environment).start();
        System.out.println("started");
        while (System.in.read() >= 0) {
            continue;
        }
        node.close();
        System.exit(0);
    }
}
